-- part: begin few
with few (cluster) as materialized (
    select distinct cluster from (
-- part: begin climb
with recursive found (cluster, steps) as (
-- part: few by exception
    select e.cluster, 0
    from exception e
    where e.tenant = $1 and e.code = $? and e.closed_at is null
-- part: few by identifier
    select cluster, 0
    from (
        select coalesce(c.merged_into, c.id) as cluster
        from alias a
        join cluster c on c.tenant = a.tenant and c.id = a.cluster
        where a.tenant = $1 and a.value in ($?, $?)
        limit 1000
    ) as named
-- part: few by number
    select cluster, 0
    from (
        select coalesce(c.merged_into, c.id) as cluster
        from alias a
        join cluster c on c.tenant = a.tenant and c.id = a.cluster
        where a.tenant = $1 and (a.value >= $? and a.value < $? or a.value >= $? and a.value < $?)
        limit $?
    ) as named
-- part: end climb
    union
    select e.parent, found.steps + 1
    from found
    join edge e on e.tenant = $1 and e.child = found.cluster and e.void = 0
    where found.steps < 3
)
select cluster from found
-- part: few by word
union all
select cluster from (
    select w.cluster
    from order_word w
    where w.tenant = $1 and w.word >= $? and w.word < $?
-- part: and by word
    and exists (
        select 1 from order_word x
        where x.tenant = w.tenant and x.cluster = w.cluster and x.component = w.component
        and x.word >= $? and x.word < $?
    )
-- part: end few by word
    limit $?
) as worded
-- part: numbers
select 1
from alias a
where a.tenant = $1 and (a.value >= $? and a.value < $? or a.value >= $? and a.value < $?)
-- part: words
select 1
from order_word w
where w.tenant = $1 and w.word >= $? and w.word < $?
-- part: few by partner
select p.cluster from order_partner p where p.tenant = $1 and p.partner = $?
-- part: few by holder
select h.cluster from orders h where h.tenant = $1 and h.holder = $?
-- part: few by lateness
select l.cluster from orders l where l.tenant = $1 and l.late_minutes > 0
-- part: few by trouble
select t.cluster from orders t where t.tenant = $1 and t.exceptions_open > 0
-- part: few by promise
select q.cluster from orders q where q.tenant = $1 and q.promised_at >= $? and q.promised_at < $? and q.state in ($?)
-- part: of customer
select w.cluster
from order_word w
join orders c on c.tenant = w.tenant and c.cluster = w.cluster and c.component = w.component
where w.tenant = $1 and w.word in ($?, $?) and c.customer = $?
-- part: customer troubled
and c.exceptions_open > 0
-- part: or of customer
union all
-- part: end few
    ) as found_few
)
-- part: begin count
select count(*) from (
-- part: end count
    limit $?
) as counted
-- part: few head
select o.cluster, o.component, o.id, o.number, o.state, o.progress, o.position, o.customer, o.value, o.currency, o.promised_at, o.projected_at, o.late_minutes, o.holder, o.partners, o.exceptions_open, o.severity_max, o.placed_at, o.updated_at, o.digest
from few
cross join orders o
where o.tenant = $1 and o.cluster = few.cluster
-- part: of holder
select o.cluster, o.component, o.id, o.number, o.state, o.progress, o.position, o.customer, o.value, o.currency, o.promised_at, o.projected_at, o.late_minutes, o.holder, o.partners, o.exceptions_open, o.severity_max, o.placed_at, o.updated_at, o.digest
from orders o
where o.tenant = $1 and o.holder = $?
-- part: begin state
select * from (
select o.cluster, o.component, o.id, o.number, o.state, o.progress, o.position, o.customer, o.value, o.currency, o.promised_at, o.projected_at, o.late_minutes, o.holder, o.partners, o.exceptions_open, o.severity_max, o.placed_at, o.updated_at, o.digest
from orders o
where o.tenant = $1 and o.state = $?
-- part: end state
) as of_state
-- part: next state
union all
-- part: partner
and exists (
    select 1 from order_partner p
    where p.tenant = o.tenant and p.cluster = o.cluster and p.component = o.component and p.partner = $?
)
-- part: states
and (o.state || '') in ($?)
-- part: holder
and (o.holder || '') = $?
-- part: customers
and o.customer in ($?)
-- part: late
and o.late_minutes > 0
-- part: not late
and o.late_minutes <= 0
-- part: troubled
and o.exceptions_open > 0
-- part: exception of many
and o.exceptions_open > 0
and exists (
    with recursive found (cluster, steps) as (
        select o.cluster, 0
        union
        select down.child, found.steps + 1
        from found
        join edge down on down.tenant = o.tenant and down.parent = found.cluster and down.void = 0
        where found.steps < 3
    )
    select 1
    from found
    join exception e on e.tenant = o.tenant and e.cluster = found.cluster
    where e.closed_at is null and e.code = $?
)
-- part: promised within
and o.promised_at >= $? and o.promised_at < $?
-- part: after updated
and (o.updated_at, o.cluster, o.component) < ($?, $?, $?)
-- part: by updated
order by o.updated_at desc, o.cluster desc, o.component desc
limit $?
-- part: all by updated
order by updated_at desc, cluster desc, component desc
limit $?
-- part: after promised
and (o.promised_at, o.cluster, o.component) > ($?, $?, $?)
-- part: by promised
order by o.promised_at, o.cluster, o.component
limit $?
-- part: all by promised
order by promised_at, cluster, component
limit $?
-- part: after late
and (o.late_minutes, o.cluster, o.component) < ($?, $?, $?)
-- part: by late
order by o.late_minutes desc, o.cluster desc, o.component desc
limit $?
-- part: all by late
order by late_minutes desc, cluster desc, component desc
limit $?
