delete from order_word
using unnest($1::bigint[], $2::bigint[], $3::bigint[]) as gone (tenant, cluster, component)
where order_word.tenant = gone.tenant and order_word.cluster = gone.cluster and order_word.component = gone.component
