select count(*) from exception where tenant = $1 and closed_at is null and opened_at >= $2 and opened_at < $3
