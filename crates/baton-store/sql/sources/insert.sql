insert into source (tenant, id, key, name, partner, role, connector, settings, silent_after, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
on conflict (tenant, key) do nothing
