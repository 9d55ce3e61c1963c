delete from session where person = $1 and hash <> $2
