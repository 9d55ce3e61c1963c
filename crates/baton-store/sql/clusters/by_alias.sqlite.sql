select $4, coalesce(c.merged_into, c.id)
from alias a
join cluster c on c.tenant = a.tenant and c.id = a.cluster
where a.tenant = $1 and a.value = $2 and a.space = $3
