select k.source, k.key, m.id, m.hash
from message_key k
join message m on m.id = k.message
where k.tenant = $1 and k.source = $2 and k.key = $3
