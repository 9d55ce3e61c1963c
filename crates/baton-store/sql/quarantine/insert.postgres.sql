insert into quarantine (tenant, id, message, part, code, error, opened_at, state)
select tenant, id, message, part, code, error, opened_at, 'open'
from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::bigint[])
    as new (tenant, id, message, part, code, error, opened_at)
