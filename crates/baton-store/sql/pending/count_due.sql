select count(*) from pending where tenant = $1 and received_at <= $2
