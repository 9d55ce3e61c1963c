select id, url, secret, events, created_at, disabled_at from subscription where tenant = $1 order by id
