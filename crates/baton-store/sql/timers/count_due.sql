select count(*) from timer where tenant = $1 and wake_at <= $2
