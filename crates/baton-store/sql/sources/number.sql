select id from source where tenant = $1 and key = $2
