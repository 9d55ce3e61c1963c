insert into quarantine (tenant, id, message, part, code, error, opened_at, state)
values ($1, $2, $3, $4, $5, $6, $7, 'open')
