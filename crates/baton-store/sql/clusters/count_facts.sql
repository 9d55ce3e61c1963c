select count(*) from fact where tenant = $1 and cluster = $2
