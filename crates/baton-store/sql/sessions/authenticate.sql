select hash, id, person, key_tenant, key_id, tenant, created_at, seen_at, expires_at, agent, address, way from session where hash = $1 and expires_at > $2
