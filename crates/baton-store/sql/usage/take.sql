delete from usage_note
where tenant = $1 and kind = $2 and number in (
    select number from usage_note where tenant = $1 and kind = $2 order by number limit $3
)
returning kind, at, events, bytes
