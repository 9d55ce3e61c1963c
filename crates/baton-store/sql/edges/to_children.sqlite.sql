select child, parent, void from edge where tenant = $1 and parent = $2 order by child, parent
