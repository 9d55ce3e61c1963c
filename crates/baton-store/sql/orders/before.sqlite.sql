select orders.cluster, orders.component, orders.id, orders.state, orders.promised_at, orders.late_minutes, orders.holder, orders.partners, orders.digest
from orders
where tenant = $1 and cluster = $2
