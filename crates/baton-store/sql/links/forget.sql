delete from link where expires_at <= $1 or (person = $2 and tenant = $3)
