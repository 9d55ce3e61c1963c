insert into pack_request_word (tenant, request, seq, author, said_by, said_at, kind, words)
values ($1, $2, $3, $4, $5, $6, $7, $8)
