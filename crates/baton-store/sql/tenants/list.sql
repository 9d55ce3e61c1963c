select id, key, name, clock, simulated_at, real_at, speed_per_mille, created_at from tenant order by id
