select id, key, name, clock, simulated_at, real_at, speed_per_mille, created_at from tenant where id = $1
