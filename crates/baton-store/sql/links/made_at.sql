select created_at from link where person = $1 and tenant = $2
