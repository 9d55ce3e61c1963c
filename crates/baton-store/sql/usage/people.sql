select month, cast(sum(people) as bigint)
from (
    select month, people from usage_month where tenant = $1 and month >= $2 and month < $3
    union all
    select month, count(*) from active_person where tenant = $1 and month >= $2 and month < $3 group by month
) as each
group by month
order by month
