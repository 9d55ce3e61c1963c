-- part: seen
with recursive own (cluster) as (
    select distinct p.cluster
    from order_partner p
    where p.tenant = $1 and p.partner = $?
        and exists (
            select 1 from orders o where o.tenant = $1 and o.cluster = p.cluster and o.exceptions_open > 0
        )
),
found (cluster, steps) as (
    select cluster, 0 from own
    union
    select down.child, found.steps + 1
    from found
    join edge down on down.tenant = $1 and down.parent = found.cluster and down.void = 0
    where found.steps < 3
),
reached (cluster) as materialized (
    select distinct cluster from found
)
select e.id, e.severity, e.money, e.due_at
from reached
cross join exception e
where e.tenant = $1 and e.cluster = reached.cluster and e.closed_at is null and e.state = 'open'
-- (Of what was reached, or PostgreSQL would look at all exceptions before it joins them.)
and (
    exists (
        select 1
        from object shared
        where shared.tenant = $1 and shared.cluster = reached.cluster and shared.id = e.object
    )
    or exists (
        select 1
        from orders o
        join order_partner p on p.tenant = $1 and p.cluster = o.cluster and p.component = o.component
        where o.tenant = $1 and o.cluster = reached.cluster and o.id = e.object and p.partner = $?
    )
)
-- part: state
and e.state = $?
-- part: code
and e.code = $?
-- part: code kept back
and e.code <> $?
-- part: severity
and e.severity >= $?
-- part: partner
and e.partner = $?
-- part: at most
limit $?
