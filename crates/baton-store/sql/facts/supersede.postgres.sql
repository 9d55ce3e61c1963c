update fact set superseded_at = reading.at
from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) as reading (tenant, cluster, message, at)
where fact.tenant = reading.tenant and fact.cluster = reading.cluster
    and fact.message = reading.message and fact.superseded_at is null
