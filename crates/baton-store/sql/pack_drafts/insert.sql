insert into pack_draft (tenant, pack, author, person, base, content, revision, saved_at)
values ($1, $2, $3, $4, $5, $6, 1, $7)
on conflict (tenant, pack, author) do nothing
