select fact.cluster, fact.message, fact.source, fact.recorded_at, fact.content
from unnest($1::bigint[], $2::bigint[], $3::bigint[]) as wanted (tenant, cluster, at)
join fact on fact.tenant = wanted.tenant and fact.cluster = wanted.cluster
where fact.recorded_at <= wanted.at and (fact.superseded_at is null or fact.superseded_at > wanted.at)
order by fact.cluster, fact.message, fact.n
