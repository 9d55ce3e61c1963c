-- The receipt is looked up rather than joined: a planner that has no statistics yet goes through all messages of
-- the tenant for each.
select e.message,
    (select m.received_at from message m where m.tenant = e.tenant and m.id = e.message),
    cast(case when exists (
        select 1 from pending p where p.tenant = e.tenant and p.message = e.message
    ) then 1 else 0 end as bigint)
from earlier_receipt e
where e.tenant = $1
order by e.message
limit $2
