update subscription set disabled_at = $3 where tenant = $1 and id = $2
