update quarantine set state = $3, closed_at = $4, closed_by = $5, reason = $6
where tenant = $1 and message = $2 and state = 'open'
