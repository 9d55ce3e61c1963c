update person set password = $2 where id = $1 and password is null
