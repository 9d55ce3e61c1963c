delete from timer
using unnest($1::bigint[], $2::bigint[]) as gone (tenant, cluster)
where timer.tenant = gone.tenant and timer.cluster = gone.cluster
