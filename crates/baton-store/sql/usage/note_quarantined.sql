-- Messages of which nothing was there before these items.
insert into usage_note (tenant, kind, number, at, events, bytes)
select q.tenant, 'quarantine', min(q.id), min(q.opened_at), count(distinct q.message), 0
from quarantine q
where q.tenant = $1 and q.id >= $2 and q.id <= $3
    and not exists (
        select 1 from quarantine o where o.tenant = q.tenant and o.message = q.message and (o.id < $2 or o.id > $3)
    )
group by q.tenant
