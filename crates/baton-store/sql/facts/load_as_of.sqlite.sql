select fact.cluster, fact.message, fact.source, fact.recorded_at, fact.content
from fact
where fact.tenant = $1 and fact.cluster = $2 and fact.recorded_at <= $3 and (fact.superseded_at is null or fact.superseded_at > $3)
order by fact.message, fact.n
