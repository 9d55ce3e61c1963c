insert into idempotency (tenant, key, request_hash, status, response, at) values ($1, $2, $3, $4, $5, $6)
on conflict (tenant, key) do nothing
