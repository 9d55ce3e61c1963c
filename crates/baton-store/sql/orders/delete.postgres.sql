delete from orders
using unnest($1::bigint[], $2::bigint[], $3::bigint[]) as gone (tenant, cluster, component)
where orders.tenant = gone.tenant and orders.cluster = gone.cluster and orders.component = gone.component
