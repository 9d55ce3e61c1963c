-- What Baton notes of its own acts is nobody's use.
insert into usage_note (tenant, kind, number, at, events, bytes)
select tenant, 'message', cast($3 as bigint), cast($4 as bigint), cast($5 as bigint), cast($6 as bigint)
from source
where tenant = $1 and id = $2 and key <> 'baton'
