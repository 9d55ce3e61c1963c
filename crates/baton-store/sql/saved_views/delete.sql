delete from saved_view where tenant = $1 and id = $2 and (owner = $3 or shared > 0 and cast($4 as bigint) > 0)
