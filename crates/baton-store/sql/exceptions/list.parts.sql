-- part: head
select e.id, e.cluster, e.object, e.code, e.severity, e.state, e.opened_at, e.closed_at, e.liable, e.partner, e.summary, e.expectation, e.wording, e.taken_by, e.taken_at
from exception e
where e.tenant = $1
-- part: scope
and (
    exists (
        select 1
        from orders o
        join order_partner p on p.tenant = o.tenant and p.cluster = o.cluster and p.component = o.component
        where o.tenant = e.tenant and o.cluster = e.cluster and o.id = e.object and p.partner = $?
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
        where p.partner = $?
    )
)
-- part: id
and e.id = $?
-- part: open
and e.closed_at is null
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
-- part: order
and (e.cluster <> $? or e.object = $?)
and e.cluster in (
    with recursive found (cluster, steps) as (
        select cast($? as bigint), 0
        union
        select down.child, found.steps + 1
        from found
        join edge down on down.tenant = $1 and down.parent = found.cluster and down.void = 0
        where found.steps < 3
    )
    select cluster from found
)
-- part: after
and (e.opened_at, e.id) < ($?, $?)
-- part: by opening
order by e.opened_at desc, e.id desc
limit $?
-- part: sorted
order by e.opened_at + 0 desc, e.id desc
limit $?
