select source, content, place
from fact
where tenant = $1 and cluster = $2 and message = $3 and superseded_at is null and received_at > $4
order by n
