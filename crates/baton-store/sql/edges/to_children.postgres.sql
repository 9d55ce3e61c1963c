select edge.child, edge.parent, edge.void
from unnest($1::bigint[], $2::bigint[]) as wanted (tenant, cluster)
join edge on edge.tenant = wanted.tenant and edge.parent = wanted.cluster
order by edge.child, edge.parent
