select day, messages, bytes, repeats, quarantined, orders, deliveries
from usage_day
where tenant = $1 and day >= $2 and day < $3
order by day
