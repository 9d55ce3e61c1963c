update outbox set next_at = $3, attempts = attempts + 1, claimed_by = $5
where tenant = $1 and id in (
    select o.id
    from outbox o
    where o.tenant = $1 and o.state = 'pending' and o.next_at <= $2
        and not exists (
            select 1 from outbox ahead indexed by outbox_in_order
            where ahead.tenant = o.tenant and ahead.subscription = o.subscription
                and ahead.cluster = o.cluster and ahead.state = 'pending' and ahead.id < o.id
        )
    order by o.next_at, o.id
    limit $4
)
returning id, act, cluster, subscription, payload, attempts, next_at, state, last_error, created_at
