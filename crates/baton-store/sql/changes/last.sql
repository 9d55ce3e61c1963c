select coalesce(max(id), 0) from change where tenant = $1
