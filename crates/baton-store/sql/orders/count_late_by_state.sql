select o.state, count(*)
from orders o
where o.tenant = $1 and o.late_minutes > 0
    and (cast($2 as text) is null or exists (
        select 1 from order_partner p
        where p.tenant = o.tenant and p.cluster = o.cluster and p.component = o.component
            and p.partner = cast($2 as text)
    ))
group by o.state
order by o.state
