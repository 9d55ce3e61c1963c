select count(*) from exception where tenant = $1 and state = 'open' and opened_at >= $2 and opened_at < $3
