select m.received_at
from pending p join message m on m.tenant = p.tenant and m.id = p.message
where p.tenant = $1
order by p.message
limit 1
