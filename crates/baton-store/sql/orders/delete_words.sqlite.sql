delete from order_word where tenant = $1 and cluster = $2 and component = $3
