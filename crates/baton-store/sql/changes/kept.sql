select coalesce((select min(id) from change where tenant = $1), numbered.last + 1), numbered.last
from (select coalesce((select value from counter where tenant = $1 and name = 'change'), 0) as last) as numbered
