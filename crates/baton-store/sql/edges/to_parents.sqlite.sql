select child, parent from edge where tenant = $1 and child = $2 order by child, parent
