update exception set cluster = $3 where tenant = $1 and cluster = $2
