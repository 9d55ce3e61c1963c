update pending set claimed_by = $2, claimed_until = $4
where tenant = $1 and message in (
    select message from pending
    where tenant = $1 and (claimed_until is null or claimed_until <= $3) and received_at <= $6
    order by received_at, message
    limit $5
    for update skip locked
)
returning message
