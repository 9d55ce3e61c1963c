update tenant set clock = $2, simulated_at = $3, real_at = $4, speed_per_mille = $5 where id = $1
