select failures, last_at from sign_in_failure where login = $1
