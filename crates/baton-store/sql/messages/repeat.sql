update message set repeats = repeats + $3, last_repeated_at = $4 where tenant = $1 and id = $2
