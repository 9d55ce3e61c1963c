select tenant, id, prefix, label, role, partner, created_at, expires_at, revoked_at, networks, last_used_at
from api_key
where tenant = $1 and id = $2 and revoked_at is null and (expires_at is null or expires_at > $3)
