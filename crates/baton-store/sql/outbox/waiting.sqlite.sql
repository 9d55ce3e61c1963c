select count(*), min(created_at) from outbox indexed by outbox_due where tenant = $1 and state = 'pending'
