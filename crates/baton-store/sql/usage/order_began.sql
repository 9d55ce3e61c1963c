update public_id set begun_at = $3 where tenant = $1 and id = $2 and begun_at is null
