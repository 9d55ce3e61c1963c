update outbox set state = 'pending', next_at = $3 where tenant = $1 and id = $2 and state = 'dead'
