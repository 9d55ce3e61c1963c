insert into setting (tenant, key, value) values ($1, $2, '')
on conflict (tenant, key) do nothing
