delete from active_person where tenant = $1 and month < $2
