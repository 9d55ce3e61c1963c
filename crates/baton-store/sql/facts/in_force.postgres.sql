-- A cluster that was merged stands for the one that holds its facts now.
select distinct fact.cluster, fact.message
from unnest($1::bigint[], $2::bigint[], $3::bigint[]) as wanted (tenant, cluster, message)
left join cluster on cluster.tenant = wanted.tenant and cluster.id = wanted.cluster
join fact on fact.tenant = wanted.tenant
    and fact.cluster = coalesce(cluster.merged_into, wanted.cluster)
    and fact.message = wanted.message
where fact.superseded_at is null
