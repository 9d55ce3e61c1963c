insert into outbox (tenant, id, act, cluster, subscription, payload, attempts, next_at, state, created_at)
values ($1, $2, $3, $4, $5, $6, 0, $7, 'pending', $8)
on conflict (tenant, act) do nothing
