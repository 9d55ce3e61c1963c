select 1 from public_id where tenant = $1 and id = $2 and begun_at is not null
