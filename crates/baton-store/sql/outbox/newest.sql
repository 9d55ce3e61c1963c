select id, act, cluster, subscription, payload, attempts, next_at, state, last_error, created_at from outbox where tenant = $1 and id < $2 order by id desc limit $3
