insert into usage_note (tenant, kind, number, at, events, bytes) values ($1, $2, $3, $4, $5, $6)
