-- A partner sees those of the orders, and of the exceptions, that lists show it.
select ch.id, ch.at, ch.cluster, ch.kind, ch.object, ch.summary
from change ch
where ch.tenant = $1 and ch.id > $3 and ch.id <= $4
    and (
        cast($2 as text) is null
        or exists (
            select 1
            from public_id i
            join cluster c on c.tenant = i.tenant and c.id = i.cluster
            join orders o on o.tenant = c.tenant and o.cluster = coalesce(c.merged_into, c.id)
            join order_partner p on p.tenant = o.tenant and p.cluster = o.cluster and p.component = o.component
            where i.tenant = ch.tenant and i.id = ch.object and p.partner = cast($2 as text)
                -- An id that an order once had is that of the order that it became part of.
                and (o.id = ch.object or not exists (
                    select 1 from orders own where own.tenant = o.tenant and own.cluster = o.cluster and own.id = ch.object
                ))
        )
        or exists (
            select 1
            from exception e
            join orders o on o.tenant = e.tenant and o.cluster = e.cluster and o.id = e.object
            join order_partner p on p.tenant = o.tenant and p.cluster = o.cluster and p.component = o.component
            where e.tenant = ch.tenant and e.id = ch.object and p.partner = cast($2 as text)
        )
        or exists (
            with recursive above (cluster, steps) as (
                select e.cluster, 0
                from exception e
                join object shared on shared.tenant = e.tenant and shared.cluster = e.cluster and shared.id = e.object
                where e.tenant = ch.tenant and e.id = ch.object
                union
                select up.parent, above.steps + 1
                from above
                join edge up on up.tenant = ch.tenant and up.child = above.cluster and up.void = 0
                where above.steps < 3
            )
            select 1
            from above
            join order_partner p on p.tenant = ch.tenant and p.cluster = above.cluster
            where p.partner = cast($2 as text)
        )
    )
order by ch.id
