select count(*) from :table where tenant = $1
