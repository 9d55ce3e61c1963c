select wake_at from timer where tenant = $1 and cluster = $2
