insert into whereabouts (tenant, message, clusters)
select tenant, message, clusters
from unnest($1::bigint[], $2::bigint[], $3::bytea[]) as new (tenant, message, clusters)
on conflict (tenant, message) do update set clusters = whereabouts.clusters || excluded.clusters
