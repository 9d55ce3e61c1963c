-- `offset 0` keeps the lookups from becoming joins: see `get.postgres.sql`.
select k.source, k.key, m.id, m.hash
from unnest($1::bigint[], $2::bigint[], $3::text[]) as wanted (tenant, source, key)
cross join lateral (
    select * from message_key
    where message_key.tenant = wanted.tenant and message_key.source = wanted.source and message_key.key = wanted.key
    offset 0
) k
cross join lateral (
    select id, hash from message where message.tenant = k.tenant and message.id = k.message offset 0
) m
