delete from change where tenant = $1 and id < $2
