delete from edge where tenant = $1 and child = $2
