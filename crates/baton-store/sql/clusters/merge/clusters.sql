update cluster set merged_into = $3 where tenant = $1 and (id = $2 or merged_into = $2)
