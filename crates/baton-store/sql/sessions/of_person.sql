select hash, id, person, key_tenant, key_id, tenant, created_at, seen_at, expires_at, agent, address, way from session where person = $1 and expires_at > $2 order by seen_at desc, id desc
