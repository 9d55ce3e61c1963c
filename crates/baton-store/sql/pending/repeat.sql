-- One of its copies was received earlier.
update pending set received_at = $3 where tenant = $1 and message = $2 and received_at > $3
