select count(*) from edge where tenant = $1 and child = $2 and void = 0
