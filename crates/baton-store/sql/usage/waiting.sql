select kind, at, events, bytes from usage_note where tenant = $1 order by kind, number limit $2
