insert into pending (tenant, message, received_at)
select tenant, message, received_at
from unnest($1::bigint[], $2::bigint[], $3::bigint[]) as new (tenant, message, received_at)
on conflict (tenant, message) do nothing
