select key, name, role, sees_prices, sees_names
from partner
where tenant = $1 and (cast($2 as text) is null or key = cast($2 as text))
order by key
