insert into cluster (tenant, id) values ($1, $2)
