delete from sign_in_failure where last_at < $1
