select author, person, base, content, revision, saved_at from pack_draft
where tenant = $1 and pack = $2 and author = $3
