-- `offset 0` keeps the planner from joining the other way round: in a new database it knows nothing of
-- the tables yet, and reads all messages of a source for each that is wanted.
select m.id, m.source, s.key, m.received_at, m.content_type, m.headers, m.hash, m.size, m.repeats, m.last_repeated_at, m.encoding, m.body
from unnest($1::bigint[], $2::text[], $3::bigint[]) as wanted (tenant, partner, id)
cross join lateral (
    select * from message where message.tenant = wanted.tenant and message.id = wanted.id offset 0
) m
join source s on s.tenant = m.tenant and s.id = m.source
where wanted.partner is null or s.partner = wanted.partner
