select id, key, name, partner, role, connector, settings, silent_after, heard_at, created_at, disabled_at, networks
from source
where tenant = $1 and (cast($2 as text) is null or partner = cast($2 as text))
order by id
