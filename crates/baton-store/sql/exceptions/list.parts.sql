-- part: head
select e.id, e.cluster, e.object, e.code, e.severity, e.state, e.opened_at, e.closed_at, e.liable, e.partner, e.summary, e.expectation, e.wording, e.taken_by, e.taken_at, e.money, e.due_at
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
-- part: of few
and e.cluster in (
    with recursive found (cluster, steps) as (
        select p.cluster, 0
        from order_partner p
        where p.tenant = $1 and p.partner = $?
        union
        select down.child, found.steps + 1
        from found
        join edge down on down.tenant = $1 and down.parent = found.cluster and down.void = 0
        where found.steps < 3
    )
    select cluster from found
)
-- part: begin of customers
and e.cluster in (
    with recursive found (cluster, steps) as (
        select named.cluster, 0
        from (
-- part: of customer
select w.cluster
from order_word w
join orders c on c.tenant = w.tenant and c.cluster = w.cluster and c.component = w.component
where w.tenant = $1 and w.word in ($?, $?) and c.customer = $?
-- part: customer troubled
and c.exceptions_open > 0
-- part: or of customer
union all
-- part: end of customers
        limit $?
        ) as named
        union
        select down.child, found.steps + 1
        from found
        join edge down on down.tenant = $1 and down.parent = found.cluster and down.void = 0
        where found.steps < 3
    )
    select cluster from found
)
and not exists (
    select 1
    from orders kept
    where kept.tenant = e.tenant and kept.cluster = e.cluster and kept.id = e.object
        and coalesce(kept.customer, '') not in ($?)
)
-- part: id
and e.id = $?
-- part: begin state
select * from (
select e.id, e.cluster, e.object, e.code, e.severity, e.state, e.opened_at, e.closed_at, e.liable, e.partner, e.summary, e.expectation, e.wording, e.taken_by, e.taken_at, e.money, e.due_at
from exception e
where e.tenant = $1 and e.state = $?
-- part: end state
) as of_state
-- part: next state
union all
-- part: all by opening
order by opened_at desc, id desc
limit $?
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
-- part: begin runs
with recursive run (id) as (
    select (
        select e.id
        from exception e
        where e.tenant = $1 and e.closed_at is null
-- part: run of code
        and e.code = $?
-- part: next run
        order by e.code, coalesce(e.partner, ''), e.severity, e.money, e.due_at, e.id
        limit 1
    )
    union all
    select coalesce(
        (
            select n.id
            from exception n
            where n.tenant = $1 and n.closed_at is null and n.code = e.code
                and coalesce(n.partner, '') = coalesce(e.partner, '') and n.severity = e.severity and n.money > e.money
            order by n.money, n.due_at, n.id
            limit 1
        ),
        (
            select n.id
            from exception n
            where n.tenant = $1 and n.closed_at is null and n.code = e.code
                and coalesce(n.partner, '') = coalesce(e.partner, '') and n.severity > e.severity
            order by n.severity, n.money, n.due_at, n.id
            limit 1
        ),
        (
            select n.id
            from exception n
            where n.tenant = $1 and n.closed_at is null and n.code = e.code
                and coalesce(n.partner, '') > coalesce(e.partner, '')
            order by coalesce(n.partner, ''), n.severity, n.money, n.due_at, n.id
            limit 1
        ),
-- part: next run of any code
        (
            select n.id
            from exception n
            where n.tenant = $1 and n.closed_at is null and n.code > e.code
            order by n.code, coalesce(n.partner, ''), n.severity, n.money, n.due_at, n.id
            limit 1
        ),
-- part: end runs
        null
    )
    -- Not an inner join: SQLite would read all exceptions into a filter for it.
    from run
    left join exception e on e.tenant = $1 and e.id = run.id
    where run.id is not null
)
select e.code, coalesce(e.partner, ''), e.severity, e.money, e.due_at
from run
left join exception e on e.tenant = $1 and e.id = run.id
where run.id is not null
