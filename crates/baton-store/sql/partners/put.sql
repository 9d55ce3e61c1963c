insert into partner (tenant, key, name, role, sees_prices, sees_names) values ($1, $2, $3, $4, $5, $6)
on conflict (tenant, key) do update set
    name = excluded.name, role = excluded.role, sees_prices = excluded.sees_prices, sees_names = excluded.sees_names
