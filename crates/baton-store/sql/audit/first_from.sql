select seq from audit where tenant = $1 and at >= $2 order by at, seq limit 1
