update source set heard_at = $3
where tenant = $1 and id = $2 and (heard_at is null or heard_at < $3)
