select count(*) from (select 1 from pending where tenant = $1 limit $2) as waiting
