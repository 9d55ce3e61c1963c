-- The note of what was received goes the same way, to save one to the server.
with kept as (
    insert into message (id, tenant, source, received_at, content_type, headers, hash, size, encoding, repeats, body)
    select id, tenant, source, received_at, content_type, headers, hash, size, encoding, 0, body
    from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bytea[], $8::bigint[], $9::bigint[], $10::bytea[])
        as new (id, tenant, source, received_at, content_type, headers, hash, size, encoding, body)
    returning id, tenant, source, received_at, size
)
insert into usage_note (tenant, kind, number, at, events, bytes)
select k.tenant, 'message', min(k.id), min(k.received_at), count(*), sum(k.size)
from kept k
join source s on s.tenant = k.tenant and s.id = k.source
-- What Baton notes of its own acts is nobody's use.
where s.key <> 'baton'
group by k.tenant, k.received_at / 86400000000
