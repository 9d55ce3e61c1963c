insert into activation (tenant, seq, pack, version, activated_at, activated_by, moves)
values ($1, $2, $3, $4, $5, $6, $7)
