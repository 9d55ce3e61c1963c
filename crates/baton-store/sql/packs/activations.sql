select count(*) from activation where tenant = $1
