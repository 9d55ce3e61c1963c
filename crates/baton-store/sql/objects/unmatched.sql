select s.cluster, s.component, s.id
from (
    select o.cluster, o.component, o.id
    from (
        select cluster, component, id, kind from object
        where tenant = $1 and cluster < $2
        order by cluster desc, component desc
        limit $4
    ) o
    where o.kind <> 'source'
        and not exists (
            select 1 from edge e where e.tenant = $1 and e.child = o.cluster and e.void = 0
        )
    union all
    select p.cluster, p.component, p.id
    from (
        select cluster, component, id, customer, value from orders
        where tenant = $1 and cluster < $2
        order by cluster desc, component desc
        limit $4
    ) p
    where p.customer is null and p.value is null
) s
order by s.cluster desc, s.component desc
limit $3
