select e.id, e.cluster, e.object, e.code, e.severity, e.state, e.opened_at, e.closed_at, e.liable, e.partner, e.summary, e.expectation
from unnest($1::bigint[], $2::text[], $3::bigint[]) as wanted (tenant, partner, cluster)
join exception e on e.tenant = wanted.tenant and e.cluster = wanted.cluster
where (wanted.partner is null or exists (
        select 1 from order_partner p
        where p.tenant = e.tenant and p.cluster = e.cluster and p.partner = wanted.partner
    ))
order by e.cluster, e.opened_at, e.id
