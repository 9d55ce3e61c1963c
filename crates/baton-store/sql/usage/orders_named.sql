-- The first of a change's words that name another id than before are those of an order that was moved.
select id, at, kind, object
from change
where tenant = $1 and id > $2 and id <= $3
    and (kind = 'order.created' or (kind = 'order.updated' and summary like '{"changed":{%"id":{"is":%'))
order by id
