update outbox set claimed_by = null, next_at = $3, attempts = attempts - 1
where tenant = $1 and claimed_by = $2 and state = 'pending'
