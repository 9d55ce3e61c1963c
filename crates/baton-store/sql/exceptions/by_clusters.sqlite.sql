select e.id, e.cluster, e.object, e.code, e.severity, e.state, e.opened_at, e.closed_at, e.liable, e.partner, e.summary, e.expectation, e.wording, e.taken_by, e.taken_at, e.money, e.due_at
from exception e
where e.tenant = $1 and e.cluster = $2
order by e.opened_at, e.id
