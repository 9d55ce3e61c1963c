select hearing.source, hearing.heard_at, hearing.silent_after
from source
join hearing on hearing.tenant = source.tenant and hearing.source = source.id
where source.tenant = $1 and hearing.recorded_at = (
    select max(earlier.recorded_at) from hearing as earlier
    where earlier.tenant = source.tenant and earlier.source = source.id and earlier.recorded_at <= $2)
