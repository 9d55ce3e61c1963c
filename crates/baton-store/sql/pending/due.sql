select message, received_at
from pending
where tenant = $1 and received_at <= $2 and (received_at, message) > ($3, $4)
order by received_at, message
limit $5
