select closed_before from usage_progress where tenant = $1
