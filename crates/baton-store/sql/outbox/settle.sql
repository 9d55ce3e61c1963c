update outbox set state = $3, next_at = coalesce($4, next_at), last_error = coalesce($5, last_error), claimed_by = null
where tenant = $1 and id = $2 and state = 'pending'
