select e.message, m.received_at, cast(case when p.message is null then 0 else 1 end as bigint)
from earlier_receipt e
join message m on m.tenant = e.tenant and m.id = e.message
left join pending p on p.tenant = e.tenant and p.message = e.message
where e.tenant = $1
order by e.message
limit $2
