insert into fact (tenant, cluster, message, n, source, received_at, recorded_at, content, place)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (tenant, cluster, message, n) do nothing
