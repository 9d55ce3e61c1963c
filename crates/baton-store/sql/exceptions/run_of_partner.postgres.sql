select run.n, found.due_at, found.id
from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::text[], $9::bigint[], $10::text[])
    as run (tenant, n, code, partner, severity, money, due_at, id, wanted, reader)
cross join lateral (
    select e.due_at, e.id
    from exception e
    where e.tenant = run.tenant and e.closed_at is null
        and e.code = run.code and coalesce(e.partner, '') = run.partner
        and e.severity = run.severity and e.money = run.money
        and (e.due_at, e.id) > (run.due_at, run.id)
    and (
        exists (
            select 1
            from orders o
            join order_partner p on p.tenant = o.tenant and p.cluster = o.cluster and p.component = o.component
            where o.tenant = e.tenant and o.cluster = e.cluster and o.id = e.object and p.partner = run.reader
        )
        or exists (
            with recursive above (cluster, steps) as (
                select e.cluster, 0
                from object shared
                where shared.tenant = e.tenant and shared.cluster = e.cluster and shared.id = e.object
                union
                select up.parent, above.steps + 1
                from above
                join edge up on up.tenant = e.tenant and up.child = above.cluster and up.void = 0
                where above.steps < 3
            )
            select 1
            from above
            join order_partner p on p.tenant = e.tenant and p.cluster = above.cluster
            where p.partner = run.reader
        )
    )
    order by e.due_at, e.id
    limit run.wanted
) as found
