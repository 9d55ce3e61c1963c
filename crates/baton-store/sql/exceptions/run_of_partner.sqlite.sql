select $2, e.due_at, e.id
from exception e
where e.tenant = $1 and e.closed_at is null
    and e.code = $3 and coalesce(e.partner, '') = $4 and e.severity = $5 and e.money = $6
    and (e.due_at, e.id) > ($7, $8)
and (
    exists (
        select 1
        from orders o
        join order_partner p on p.tenant = o.tenant and p.cluster = o.cluster and p.component = o.component
        where o.tenant = e.tenant and o.cluster = e.cluster and o.id = e.object and p.partner = $10
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
        where p.partner = $10
    )
)
order by e.due_at, e.id
limit $9
