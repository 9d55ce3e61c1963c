-- The receipt is looked up for each message: joined, a planner that has no statistics yet goes through all
-- messages of the tenant for each that waits.
select min((select m.received_at from message m where m.tenant = p.tenant and m.id = p.message))
from pending p
where p.tenant = $1
