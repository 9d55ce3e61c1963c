delete from recovery_code where person = $1 and hash = $2
