insert into looked_after (tenant, owner, customer) values ($1, $2, $3)
