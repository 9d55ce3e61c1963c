delete from looked_after where tenant = $1 and owner = $2
