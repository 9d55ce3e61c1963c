-- `offset 0` keeps the lookup from becoming a join: see `earliest.sql`.
select p.message, m.received_at
from pending p
cross join lateral (
    select received_at from message where message.tenant = p.tenant and message.id = p.message offset 0
) m
where p.tenant = $1
    and m.received_at <= $2
    and (m.received_at > $3 or (m.received_at = $3 and p.message > $4))
order by m.received_at, p.message
limit $5
