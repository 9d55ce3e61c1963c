select m.id, m.source, s.key, m.received_at, m.content_type, m.headers, m.hash, m.size, m.repeats, m.last_repeated_at
from message m
join source s on s.tenant = m.tenant and s.id = m.source
where m.tenant = $1
    and (cast($2 as text) is null or s.partner = cast($2 as text))
    and (cast($3 as bigint) is null or m.source = cast($3 as bigint))
    and m.id < $4
order by m.id desc
limit $5
