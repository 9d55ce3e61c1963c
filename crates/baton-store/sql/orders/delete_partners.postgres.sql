delete from order_partner
using unnest($1::bigint[], $2::bigint[], $3::bigint[]) as gone (tenant, cluster, component)
where order_partner.tenant = gone.tenant and order_partner.cluster = gone.cluster and order_partner.component = gone.component
