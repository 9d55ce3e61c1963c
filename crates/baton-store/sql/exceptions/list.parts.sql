-- part: head
select e.id, e.cluster, e.object, e.code, e.severity, e.state, e.opened_at, e.closed_at, e.liable, e.partner, e.summary, e.expectation
from exception e
where e.tenant = $1
-- part: scope
and exists (
    select 1 from order_partner p
    where p.tenant = e.tenant and p.cluster = e.cluster and p.partner = $?
)
-- part: open
and e.closed_at is null
-- part: state
and e.state = $?
-- part: code
and e.code = $?
-- part: severity
and e.severity >= $?
-- part: partner
and e.partner = $?
-- part: cluster
and e.cluster = $?
-- part: after
and (e.opened_at, e.id) < ($?, $?)
-- part: by opening
order by e.opened_at desc, e.id desc
limit $?
