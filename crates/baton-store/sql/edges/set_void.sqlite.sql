update edge set void = $4 where tenant = $1 and child = $2 and parent = $3
