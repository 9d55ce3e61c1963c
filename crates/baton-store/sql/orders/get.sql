-- The row that has the id comes before others of the cluster that the id once named.
select o.cluster, o.component, o.id, o.number, o.state, o.progress, o.position, o.customer, o.value, o.currency, o.promised_at, o.projected_at, o.late_minutes, o.holder, o.partners, o.exceptions_open, o.severity_max, o.placed_at, o.updated_at, o.digest
from public_id i
join cluster c on c.tenant = i.tenant and c.id = i.cluster
join orders o on o.tenant = c.tenant and o.cluster = coalesce(c.merged_into, c.id)
where i.tenant = $1 and i.id = $3
    and (cast($2 as text) is null or exists (
        select 1 from order_partner p
        where p.tenant = o.tenant and p.cluster = o.cluster and p.component = o.component
            and p.partner = cast($2 as text)
    ))
order by case when o.id = $3 then 0 else 1 end, o.component
limit 1
