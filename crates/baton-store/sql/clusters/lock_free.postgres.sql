select c.id, c.merged_into
from cluster c
where (c.tenant, c.id) in (select tenant, id from unnest($1::bigint[], $2::bigint[]) as wanted (tenant, id))
order by c.id
for update skip locked
