select message from pending where tenant = $1 and message = $2
