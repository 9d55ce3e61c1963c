select fact.cluster, fact.message, fact.source, fact.recorded_at, fact.content
from unnest($1::bigint[], $2::bigint[]) as wanted (tenant, cluster)
join fact on fact.tenant = wanted.tenant and fact.cluster = wanted.cluster
where fact.superseded_at is null
order by fact.cluster, fact.message, fact.n
