insert into partner (tenant, key, name, role) values ($1, $2, $3, $4)
on conflict (tenant, key) do update set name = excluded.name, role = excluded.role
