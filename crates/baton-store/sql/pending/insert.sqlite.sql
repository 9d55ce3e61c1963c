insert into pending (tenant, message, received_at) values ($1, $2, $3) on conflict (tenant, message) do nothing
