select at, hash from audit where tenant = $1 and seq = $2
