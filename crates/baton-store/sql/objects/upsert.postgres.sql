insert into object (tenant, cluster, component, id, kind)
select tenant, cluster, component, id, kind
from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[])
    as new (tenant, cluster, component, id, kind)
on conflict (tenant, cluster, component) do update set id = excluded.id, kind = excluded.kind
