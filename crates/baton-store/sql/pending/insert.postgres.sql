insert into pending (tenant, message)
select tenant, message from unnest($1::bigint[], $2::bigint[]) as new (tenant, message)
on conflict (tenant, message) do nothing
