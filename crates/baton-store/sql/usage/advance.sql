update usage_progress set closed_before = $2 where tenant = $1
