select tenant, id, order_id, label, created_at, created_by, expires_at, revoked_at
from tracking_link where tenant = $1 and id = $2
