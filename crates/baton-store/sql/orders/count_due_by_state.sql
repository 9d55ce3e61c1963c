select due.state, due.count, (
    select count(*)
    from orders o
    where o.tenant = $1 and o.state = due.state and o.late_minutes > 0 and o.promised_at < $3
        and (cast($2 as text) is null or exists (
            select 1 from order_partner p
            where p.tenant = o.tenant and p.cluster = o.cluster and p.component = o.component
                and p.partner = cast($2 as text)
        ))
)
from (
    select o.state, count(*) as count
    from orders o
    where o.tenant = $1 and o.promised_at < $3
        and (cast($2 as text) is null or exists (
            select 1 from order_partner p
            where p.tenant = o.tenant and p.cluster = o.cluster and p.component = o.component
                and p.partner = cast($2 as text)
        ))
    group by o.state
) as due
order by due.state
