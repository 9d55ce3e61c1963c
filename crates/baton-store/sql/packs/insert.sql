insert into pack (tenant, name, version, content, digest, stored_at) values ($1, $2, $3, $4, $5, $6)
on conflict (tenant, name, version) do nothing
