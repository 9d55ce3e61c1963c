-- Messages are numbered as they come, so the first in the queue was received first.
select m.received_at
from pending p
join message m on m.tenant = p.tenant and m.id = p.message
where p.tenant = $1
order by p.message
limit 1
