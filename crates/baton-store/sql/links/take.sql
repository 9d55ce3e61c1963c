delete from link where hash = $1
