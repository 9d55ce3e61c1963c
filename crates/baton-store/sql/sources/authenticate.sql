select s.id, s.key, s.name, s.partner, s.role, s.connector, s.settings, s.silent_after, s.heard_at, s.created_at, s.disabled_at, s.networks, s.tenant, k.valid_until
from source_key k
join source s on s.tenant = k.tenant and s.id = k.source
where k.hash = $1 and (k.valid_until is null or k.valid_until > $2) and s.disabled_at is null
