select cluster, wake_at from timer where tenant = $1 and wake_at <= $2 order by wake_at, cluster limit $3
