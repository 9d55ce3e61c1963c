insert into order_partner (tenant, partner, cluster, component, role) values ($1, $2, $3, $4, $5)
on conflict (tenant, partner, cluster, component, role) do nothing
