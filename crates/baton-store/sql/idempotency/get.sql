select request_hash, status, response, at from idempotency where tenant = $1 and key = $2
