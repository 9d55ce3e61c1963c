-- A cluster that was merged stands for the one that holds its facts now.
select fact.cluster, fact.message
from fact
where fact.tenant = $1
    and fact.cluster = coalesce((select merged_into from cluster where tenant = $1 and id = $2), $2)
    and fact.message = $3 and fact.superseded_at is null
limit 1
