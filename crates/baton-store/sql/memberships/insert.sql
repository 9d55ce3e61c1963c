insert into membership (tenant, person, name, role, partner, created_at, accepted_at) values ($1, $2, $3, $4, $5, $6, $7)
on conflict (tenant, person) do update set
    name = excluded.name, role = excluded.role, partner = excluded.partner, created_at = excluded.created_at,
    accepted_at = excluded.accepted_at, disabled_at = null
where membership.disabled_at is not null
