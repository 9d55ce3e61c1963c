delete from brand where tenant = $1
