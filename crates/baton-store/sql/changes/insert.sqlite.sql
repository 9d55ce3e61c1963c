insert into change (tenant, id, at, cluster, kind, object, summary) values ($1, $2, $3, $4, $5, $6, $7)
