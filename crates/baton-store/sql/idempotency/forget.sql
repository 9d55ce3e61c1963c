delete from idempotency where tenant = $1 and at < $2
