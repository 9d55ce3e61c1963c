insert into pending (tenant, message) values ($1, $2) on conflict (tenant, message) do nothing
