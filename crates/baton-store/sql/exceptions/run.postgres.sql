select run.n, found.due_at, found.id
from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::text[], $9::bigint[])
    as run (tenant, n, code, partner, severity, money, due_at, id, wanted)
cross join lateral (
    select e.due_at, e.id
    from exception e
    where e.tenant = run.tenant and e.closed_at is null
        and e.code = run.code and coalesce(e.partner, '') = run.partner
        and e.severity = run.severity and e.money = run.money
        and (e.due_at, e.id) > (run.due_at, run.id)
    order by e.due_at, e.id
    limit run.wanted
) as found
