insert into recovery_code (person, hash, created_at) values ($1, $2, $3)
