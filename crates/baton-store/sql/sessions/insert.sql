insert into session (hash, id, person, key_tenant, key_id, tenant, created_at, seen_at, expires_at, agent, address, way) values ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9, $10, $11)
on conflict (hash) do nothing
