select min(received_at) from pending where tenant = $1
