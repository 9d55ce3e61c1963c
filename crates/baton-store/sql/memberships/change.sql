update membership set name = $3, role = $4, partner = $5 where tenant = $1 and person = $2 and disabled_at is null
