select received_at from pending where tenant = $1 order by message limit 1
