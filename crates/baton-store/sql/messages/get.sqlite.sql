select m.id, m.source, s.key, m.received_at, m.content_type, m.headers, m.hash, m.size, m.repeats, m.last_repeated_at, m.encoding, m.body
from message m
join source s on s.tenant = m.tenant and s.id = m.source
where m.tenant = $1 and ($2 is null or s.partner = $2) and m.id = $3
