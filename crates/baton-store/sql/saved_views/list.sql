select id, owner, page, name, search, shared, created_at
from saved_view
where tenant = $1 and (owner = $2 or shared > 0 and cast($3 as bigint) > 0)
order by name, id
