update pending set claimed_by = $2, claimed_until = $4
where tenant = $1 and message in (
    select p.message
    from pending p
    join message m on m.tenant = p.tenant and m.id = p.message
    where p.tenant = $1 and (p.claimed_until is null or p.claimed_until <= $3) and m.received_at <= $6
    order by m.received_at, p.message
    limit $5
    for update of p skip locked
)
returning message
