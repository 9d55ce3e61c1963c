select e.id, e.cluster, e.object, e.code, e.severity, e.state, e.opened_at, e.closed_at, e.liable, e.partner, e.summary, e.expectation
from exception e
where e.tenant = $1
    and (cast($2 as text) is null or exists (
        select 1 from order_partner p
        where p.tenant = e.tenant and p.cluster = e.cluster and p.partner = cast($2 as text)
    ))
    and e.id = $3
