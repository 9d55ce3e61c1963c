-- A message that waits has its receipt beside it: the earliest, and what is due, are looked for with each step.
create table pending_with_receipt (
    tenant integer not null,
    message integer not null,
    received_at integer not null,
    claimed_by integer,
    claimed_until integer,
    primary key (tenant, message)
) strict, without rowid;
insert into pending_with_receipt (tenant, message, received_at, claimed_by, claimed_until)
select p.tenant, p.message, m.received_at, p.claimed_by, p.claimed_until
from pending p
join message m on m.tenant = p.tenant and m.id = p.message;
drop table pending;
alter table pending_with_receipt rename to pending;
create index pending_by_receipt on pending(tenant, received_at, message);
