select fact.cluster, fact.message, fact.source, fact.recorded_at, fact.content
from fact
where fact.tenant = $1 and fact.cluster = $2 and fact.superseded_at is null
order by fact.message, fact.n
