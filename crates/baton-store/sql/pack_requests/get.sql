select id, wanted, reason, needed, author, asked_by, asked_at, expires_at, state, closed_at, closed_by,
    activation
from pack_request where tenant = $1 and id = $2
