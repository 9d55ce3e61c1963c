insert into saved_view (tenant, id, owner, page, name, search, shared, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
