select message from message_key where tenant = $1 and source = $2 and key = $3
