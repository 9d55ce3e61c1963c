select count(*)
from pending p
join message m on m.tenant = p.tenant and m.id = p.message
where p.tenant = $1 and m.received_at <= $2
