insert into public_id (tenant, id, cluster) values ($1, $2, $3)
on conflict (tenant, id) do nothing
