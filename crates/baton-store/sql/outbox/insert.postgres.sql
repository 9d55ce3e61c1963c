insert into outbox (tenant, id, act, cluster, subscription, payload, attempts, next_at, state, created_at)
select tenant, id, act, cluster, subscription, payload, 0, next_at, 'pending', created_at
from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[], $5::bigint[], $6::text[], $7::bigint[], $8::bigint[])
    as new (tenant, id, act, cluster, subscription, payload, next_at, created_at)
on conflict (tenant, act) do nothing
