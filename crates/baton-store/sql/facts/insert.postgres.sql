insert into fact (tenant, cluster, message, n, source, received_at, recorded_at, content, place)
select tenant, cluster, message, n, source, received_at, recorded_at, content, place
from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bytea[], $9::bytea[])
    as new (tenant, cluster, message, n, source, received_at, recorded_at, content, place)
on conflict (tenant, cluster, message, n) do nothing
