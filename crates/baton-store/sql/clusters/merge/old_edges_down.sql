delete from edge where tenant = $1 and parent = $2
