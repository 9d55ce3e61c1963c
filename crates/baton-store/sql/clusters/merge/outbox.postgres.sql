-- What waits to be sent stays in order with what the kept cluster sends.
update outbox set cluster = $3 where tenant = $1 and cluster = $2 and state = 'pending'
