update outbox set next_at = $3, attempts = attempts - 1, claimed_by = null where tenant = $1 and id = $2 and state = 'pending'
