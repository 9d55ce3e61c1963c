select m.id, m.source, s.key, m.received_at, m.content_type, m.headers, m.hash, m.size, m.repeats, m.last_repeated_at, m.encoding, m.body
from unnest($1::bigint[], $2::text[], $3::bigint[]) as wanted (tenant, partner, id)
join message m on m.tenant = wanted.tenant and m.id = wanted.id
join source s on s.tenant = m.tenant and s.id = m.source
where wanted.partner is null or s.partner = wanted.partner
