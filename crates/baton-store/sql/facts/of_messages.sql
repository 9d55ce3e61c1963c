select cluster, message from fact where tenant = $1 and message between $2 and $3 and superseded_at is null
