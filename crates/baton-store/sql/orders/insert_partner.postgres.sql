insert into order_partner (tenant, partner, cluster, component, role)
select tenant, partner, cluster, component, role
from unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::text[]) as new (tenant, partner, cluster, component, role)
on conflict (tenant, partner, cluster, component, role) do nothing
