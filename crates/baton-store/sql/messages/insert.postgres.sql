insert into message (id, tenant, source, received_at, content_type, headers, hash, size, encoding, repeats, body)
select id, tenant, source, received_at, content_type, headers, hash, size, encoding, 0, body
from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bytea[], $8::bigint[], $9::bigint[], $10::bytea[])
    as new (id, tenant, source, received_at, content_type, headers, hash, size, encoding, body)
