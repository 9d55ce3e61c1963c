-- Sorted, so that two writers wait for each other in the same order.
insert into alias (tenant, value, space, cluster)
select tenant, value, space, cluster
from unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[]) as new (tenant, value, space, cluster)
order by tenant, value collate "C", space collate "C"
on conflict (tenant, value, space) do nothing
