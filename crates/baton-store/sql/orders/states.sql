with recursive found (state) as (
    select min(state) from orders where tenant = $1
    union all
    select (select min(o.state) from orders o where o.tenant = $1 and o.state > found.state)
    from found
    where found.state is not null
)
select state from found where state is not null
