select key from source where tenant = $1 and id = $2
