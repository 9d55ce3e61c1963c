insert into membership (tenant, person, name, role, partner, created_at, accepted_at) values ($1, $2, $3, $4, $5, $6, $7)
on conflict (tenant, person) do nothing
