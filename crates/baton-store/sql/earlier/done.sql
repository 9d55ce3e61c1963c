delete from earlier_receipt where tenant = $1 and message = $2
