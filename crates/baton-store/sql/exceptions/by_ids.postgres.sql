select e.id, e.cluster, e.object, e.code, e.severity, e.state, e.opened_at, e.closed_at, e.liable, e.partner, e.summary, e.expectation, e.wording, e.taken_by, e.taken_at, e.money, e.due_at
from unnest($1::bigint[], $2::text[]) as wanted (tenant, id)
join exception e on e.tenant = wanted.tenant and e.id = wanted.id
