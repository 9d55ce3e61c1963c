select k.source, k.key, m.id, m.hash
from unnest($1::bigint[], $2::bigint[], $3::text[]) as wanted (tenant, source, key)
join message_key k on k.tenant = wanted.tenant and k.source = wanted.source and k.key = wanted.key
join message m on m.tenant = k.tenant and m.id = k.message
