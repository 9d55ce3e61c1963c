select wanted.n, coalesce(c.merged_into, c.id)
from unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[]) as wanted (tenant, value, space, n)
join alias a on a.tenant = wanted.tenant and a.value = wanted.value and a.space = wanted.space
join cluster c on c.tenant = a.tenant and c.id = a.cluster
