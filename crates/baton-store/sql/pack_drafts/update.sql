update pack_draft set base = $4, content = $5, revision = revision + 1, saved_at = $6
where tenant = $1 and pack = $2 and author = $3 and revision = $7
