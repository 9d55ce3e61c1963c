select author, said_by, said_at, kind, words from pack_request_word
where tenant = $1 and request = $2 order by seq
