select opened_at, cluster from exception where tenant = $1 and state = 'not_provable'
