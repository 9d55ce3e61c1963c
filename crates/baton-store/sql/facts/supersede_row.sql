update fact set superseded_at = $5 where tenant = $1 and cluster = $2 and message = $3 and n = $4
