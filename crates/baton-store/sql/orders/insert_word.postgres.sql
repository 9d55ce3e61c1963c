insert into order_word (tenant, word, cluster, component)
select tenant, word, cluster, component
from unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[]) as new (tenant, word, cluster, component)
on conflict (tenant, word, cluster, component) do nothing
