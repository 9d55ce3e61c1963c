select p.message, m.received_at
from pending p
join message m on m.tenant = p.tenant and m.id = p.message
where p.tenant = $1
    and m.received_at <= $2
    and (m.received_at > $3 or (m.received_at = $3 and p.message > $4))
order by m.received_at, p.message
limit $5
