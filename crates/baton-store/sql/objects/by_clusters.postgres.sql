select object.cluster, object.component, object.id
from unnest($1::bigint[], $2::bigint[]) as wanted (tenant, cluster)
join object on object.tenant = wanted.tenant and object.cluster = wanted.cluster
order by object.cluster, object.component
