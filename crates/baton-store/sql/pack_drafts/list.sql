select pack, author, person, base, revision, saved_at from pack_draft where tenant = $1 order by pack, author
