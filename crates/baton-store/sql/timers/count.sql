select count(*) from timer where tenant = $1
