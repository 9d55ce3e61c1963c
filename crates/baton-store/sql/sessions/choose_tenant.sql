update session set tenant = $2 where hash = $1
