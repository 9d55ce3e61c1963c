select id from pack_request where tenant = $1 and id = $2 for update
