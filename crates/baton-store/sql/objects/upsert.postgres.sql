insert into object (tenant, cluster, component, id, kind, digest)
select tenant, cluster, component, id, kind, digest
from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::bigint[])
    as new (tenant, cluster, component, id, kind, digest)
on conflict (tenant, cluster, component) do update set id = excluded.id, kind = excluded.kind, digest = excluded.digest
