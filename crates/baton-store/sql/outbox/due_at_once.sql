update outbox set next_at = $2, claimed_by = null where tenant = $1 and state = 'pending' and next_at > $2
