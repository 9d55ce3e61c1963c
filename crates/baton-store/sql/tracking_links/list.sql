select tenant, id, order_id, label, created_at, created_by, expires_at, revoked_at
from tracking_link where tenant = $1 and order_id = $2 order by id desc limit $3
