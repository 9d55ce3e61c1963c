select $2, e.due_at, e.id
from exception e
where e.tenant = $1 and e.closed_at is null
    and e.code = $3 and coalesce(e.partner, '') = $4 and e.severity = $5 and e.money = $6
    and (e.due_at, e.id) > ($7, $8)
order by e.due_at, e.id
limit $9
