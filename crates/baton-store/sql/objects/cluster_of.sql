select coalesce(c.merged_into, c.id)
from public_id i
join cluster c on c.tenant = i.tenant and c.id = i.cluster
where i.tenant = $1 and i.id = $2
