-- Of the operator's staff none is the tenant's.
insert into active_person (tenant, month, person)
select m.tenant, cast($2 as bigint), m.person
from membership m
where m.tenant = $1 and m.person = $3
on conflict (tenant, month, person) do nothing
