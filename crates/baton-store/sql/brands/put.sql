insert into brand (tenant, host, content, logo_type, logo, changed_at) values ($1, $2, $3, $4, $5, $6)
on conflict (tenant) do update set host = excluded.host, content = excluded.content, logo_type = excluded.logo_type,
    logo = excluded.logo, changed_at = excluded.changed_at
