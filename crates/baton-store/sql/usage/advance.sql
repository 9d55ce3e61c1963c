update usage_progress set changes_to = $2, closed_before = $3 where tenant = $1
