-- Looked up rather than joined: see `earliest.sql`.
select count(*)
from pending p
where p.tenant = $1
    and (select m.received_at from message m where m.tenant = p.tenant and m.id = p.message) <= $2
