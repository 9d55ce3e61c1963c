insert into cluster (tenant, id) select tenant, id from unnest($1::bigint[], $2::bigint[]) as new (tenant, id)
