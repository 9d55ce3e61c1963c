insert into pack_request (tenant, id, wanted, reason, needed, author, asked_by, asked_at, expires_at, state)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open')
