update membership set disabled_at = $3 where tenant = $1 and person = $2 and disabled_at is null
