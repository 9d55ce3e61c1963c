update message
set repeats = repeats + $3,
    last_repeated_at = $4,
    received_at = case when received_at > $5 then $5 else received_at end
where tenant = $1 and id = $2
