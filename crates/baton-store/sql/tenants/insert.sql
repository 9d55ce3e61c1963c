insert into tenant (id, key, name, clock, simulated_at, real_at, speed_per_mille, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (key) do nothing
