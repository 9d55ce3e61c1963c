select ch.id, ch.at, ch.cluster, ch.kind, ch.object, ch.summary
from change ch
where ch.tenant = $1 and ch.id > $3
    and (cast($2 as text) is null or exists (
        select 1
        from cluster c
        join order_partner p on p.tenant = c.tenant and p.cluster = coalesce(c.merged_into, c.id)
        where c.tenant = ch.tenant and c.id = ch.cluster and p.partner = cast($2 as text)
    ))
order by ch.id
limit $4
