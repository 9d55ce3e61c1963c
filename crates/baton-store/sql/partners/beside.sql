select q.key, q.name
from partner q
where q.tenant = $1 and q.key = $2
union
select q.key, q.name
from (
    select cluster, component
    from order_partner
    where tenant = $1 and partner = $2
    order by cluster desc
    limit $3
) as own
join order_partner p on p.tenant = $1 and p.cluster = own.cluster and p.component = own.component
join partner q on q.tenant = $1 and q.key = p.partner
order by 1
