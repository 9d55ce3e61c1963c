select tenant, id, order_id, label, created_at, created_by, expires_at, revoked_at
from tracking_link where hash = $1 and revoked_at is null and expires_at > $2
