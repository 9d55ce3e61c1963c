select orders.cluster, orders.component, orders.id, orders.state, orders.promised_at, orders.late_minutes, orders.holder, orders.partners, orders.digest
from unnest($1::bigint[], $2::bigint[]) as wanted (tenant, cluster)
join orders on orders.tenant = wanted.tenant and orders.cluster = wanted.cluster
