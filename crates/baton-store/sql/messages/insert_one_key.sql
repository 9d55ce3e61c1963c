insert into message_key (tenant, source, key, message) values ($1, $2, $3, $4)
on conflict (tenant, source, key) do nothing
