insert into fact (tenant, cluster, message, n, source, recorded_at, content)
select tenant, cluster, message, n, source, recorded_at, content
from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bytea[])
    as new (tenant, cluster, message, n, source, recorded_at, content)
on conflict (tenant, cluster, message, n) do nothing
