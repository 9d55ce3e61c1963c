select :columns
from :table
where tenant = $1
order by :key
