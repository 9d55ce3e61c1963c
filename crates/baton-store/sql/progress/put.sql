insert into setting (tenant, key, value) values ($1, $2, $3)
on conflict (tenant, key) do update set value = excluded.value
