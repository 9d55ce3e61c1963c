select q.id, q.message, q.part, q.code, q.error, q.opened_at, q.state, q.closed_at, q.closed_by, q.reason
from quarantine q
where q.tenant = $1
    and (cast($2 as text) is null or exists (
        select 1
        from message m
        join source s on s.tenant = m.tenant and s.id = m.source
        where m.tenant = q.tenant and m.id = q.message and s.partner = cast($2 as text)
    ))
    and q.message = $3
order by q.id
