select n, source, recorded_at, content
from fact
where tenant = $1 and cluster = $2 and message = $3 and superseded_at is null
order by n
