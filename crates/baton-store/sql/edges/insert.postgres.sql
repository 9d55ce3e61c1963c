insert into edge (tenant, child, parent)
select tenant, child, parent from unnest($1::bigint[], $2::bigint[], $3::bigint[]) as new (tenant, child, parent)
on conflict (tenant, child, parent) do nothing
