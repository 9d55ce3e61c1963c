select value from setting where tenant = $1 and key = $2
