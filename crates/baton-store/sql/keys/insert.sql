insert into api_key (tenant, id, hash, prefix, label, role, partner, created_at, expires_at, networks)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
on conflict (hash) do nothing
