insert into alias (tenant, value, space, cluster) values ($1, $2, $3, $4)
on conflict (tenant, value, space) do nothing
