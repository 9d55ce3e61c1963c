insert into source_key (hash, tenant, source, created_at) values ($1, $2, $3, $4)
on conflict (hash) do nothing
