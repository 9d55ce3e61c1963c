insert into counter (tenant, name, value) values (0, 'message', $1)
on conflict (tenant, name) do update set value = excluded.value where counter.value < excluded.value
