select coalesce(sum(length(content)), 0) from fact where tenant = $1 and cluster = $2
