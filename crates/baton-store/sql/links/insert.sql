insert into link (hash, person, tenant, kind, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)
