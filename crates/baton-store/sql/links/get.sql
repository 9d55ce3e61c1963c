select person, tenant, kind from link where hash = $1 and expires_at > $2
