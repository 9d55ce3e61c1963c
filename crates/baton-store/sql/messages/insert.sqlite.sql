insert into message (id, tenant, source, received_at, content_type, headers, hash, size, encoding, repeats, body)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10)
