insert into object (tenant, cluster, component, id, kind, digest) values ($1, $2, $3, $4, $5, $6)
on conflict (tenant, cluster, component) do update set id = excluded.id, kind = excluded.kind, digest = excluded.digest
