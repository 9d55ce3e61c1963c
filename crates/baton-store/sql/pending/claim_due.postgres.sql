-- `offset 0` keeps the lookup from becoming a join: see `earliest.sql`.
update pending set claimed_by = $2, claimed_until = $4
where tenant = $1 and message in (
    select p.message
    from pending p
    cross join lateral (
        select received_at from message where message.tenant = p.tenant and message.id = p.message offset 0
    ) m
    where p.tenant = $1 and (p.claimed_until is null or p.claimed_until <= $3) and m.received_at <= $6
    order by m.received_at, p.message
    limit $5
    for update of p skip locked
)
returning message
