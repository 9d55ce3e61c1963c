update message set repeats = repeats + 1, last_repeated_at = $3 where tenant = $1 and id = $2
