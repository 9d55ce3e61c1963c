select id, merged_into from cluster where tenant = $1 and id = $2
