insert into public_id (tenant, id, cluster)
select tenant, id, cluster from unnest($1::bigint[], $2::text[], $3::bigint[]) as new (tenant, id, cluster)
on conflict (tenant, id) do nothing
