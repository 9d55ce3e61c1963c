-- Sorted, so that two writers wait for each other's keys in the same order.
insert into message_key (tenant, source, key, message)
select tenant, source, key, message
from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[]) as new (tenant, source, key, message)
order by tenant, source, key
on conflict (tenant, source, key) do nothing
