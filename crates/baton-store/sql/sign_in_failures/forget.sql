delete from sign_in_failure where login = $1
