insert into counter (tenant, name, value) values ($1, $2, $3)
on conflict (tenant, name) do update set value = counter.value + excluded.value
returning value
