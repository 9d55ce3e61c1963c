select id from cluster where tenant = $1 and id > $2 and merged_into is null order by id limit $3
