delete from exception where tenant = $1 and id = $2
