insert into fact (tenant, cluster, message, n, source, recorded_at, content)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (tenant, cluster, message, n) do nothing
