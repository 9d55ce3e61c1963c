-- Looked up rather than joined: see `earliest.sql`.
select (select m.received_at from message m where m.tenant = p.tenant and m.id = p.message)
from pending p
where p.tenant = $1
order by p.message
limit 1
