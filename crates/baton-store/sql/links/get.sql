select person, tenant, kind, expires_at from link where hash = $1 and expires_at > $2
