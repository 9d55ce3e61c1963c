select customer from looked_after where tenant = $1 and owner = $2 order by customer
