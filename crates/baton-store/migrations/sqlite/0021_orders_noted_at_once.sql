-- Orders are noted when their first id is written, beside the row that is written then anyway; before, they were found
-- among the changes by and by, and marked. What of those was not counted yet leaves its notes now.
insert into usage_note (tenant, kind, number, at, events, bytes)
select tenant, 'order', min(cluster), min(at), count(*), 0
from (
    select c.tenant, min(i.cluster) as cluster, min(c.at) as at
    from change c
    join public_id i on i.tenant = c.tenant and i.id = c.object
    left join usage_progress p on p.tenant = c.tenant
    where c.id > coalesce(p.changes_to, 0) and i.begun_at is null
        and (c.kind = 'order.created' or (c.kind = 'order.updated' and c.summary like '{"changed":{%"id":{"is":%'))
    group by c.tenant, c.object
    having min(c.id) = min(case when c.kind = 'order.created' then c.id end)
) as begun
group by tenant, at / 86400000000;
alter table public_id drop column begun_at;
alter table usage_progress drop column changes_to;
