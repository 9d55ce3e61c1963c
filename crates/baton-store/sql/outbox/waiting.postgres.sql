select count(*), min(created_at) from outbox where tenant = $1 and state = 'pending'
