update api_key set last_used_at = $3 where tenant = $1 and id = $2 and (last_used_at is null or last_used_at < $3)
