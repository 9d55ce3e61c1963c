insert into object (tenant, cluster, component, id, kind) values ($1, $2, $3, $4, $5)
on conflict (tenant, cluster, component) do update set id = excluded.id, kind = excluded.kind
