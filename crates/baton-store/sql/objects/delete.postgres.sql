delete from object
using unnest($1::bigint[], $2::bigint[], $3::bigint[]) as gone (tenant, cluster, component)
where object.tenant = gone.tenant and object.cluster = gone.cluster and object.component = gone.component
