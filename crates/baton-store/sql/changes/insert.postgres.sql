insert into change (tenant, id, at, cluster, kind, object, summary)
select tenant, id, at, cluster, kind, object, summary
from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[])
    as new (tenant, id, at, cluster, kind, object, summary)
