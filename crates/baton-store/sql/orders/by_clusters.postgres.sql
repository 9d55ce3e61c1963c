select o.cluster, o.component, o.id, o.number, o.state, o.progress, o.position, o.customer, o.value, o.currency, o.promised_at, o.projected_at, o.late_minutes, o.holder, o.partners, o.exceptions_open, o.severity_max, o.placed_at, o.updated_at, o.digest
from unnest($1::bigint[], $2::text[], $3::bigint[]) as wanted (tenant, partner, cluster)
join orders o on o.tenant = wanted.tenant and o.cluster = wanted.cluster
where (wanted.partner is null or exists (
        select 1 from order_partner p
        where p.tenant = o.tenant and p.cluster = o.cluster and p.component = o.component
            and p.partner = wanted.partner
    ))
order by o.cluster, o.component
