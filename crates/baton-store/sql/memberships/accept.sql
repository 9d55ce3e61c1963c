update membership set accepted_at = $3 where tenant = $1 and person = $2 and accepted_at is null and disabled_at is null
