-- What happened and was not counted into its day yet: a row for what one commit brought, so that writers
-- never wait for each other's.
create table usage_note (
    tenant integer not null,
    kind text not null,
    number integer not null,
    at integer not null,
    events integer not null,
    bytes integer not null,
    primary key (tenant, kind, number)
) strict, without rowid;

-- What a tenant used on a day in UTC, which is counted from 1970-01-01.
create table usage_day (
    tenant integer not null,
    day integer not null,
    messages integer not null,
    bytes integer not null,
    repeats integer not null,
    quarantined integer not null,
    orders integer not null,
    deliveries integer not null,
    primary key (tenant, day)
) strict, without rowid;

-- How many people were active in a month that is closed; a month is counted from 1970-01.
create table usage_month (
    tenant integer not null,
    month integer not null,
    people integer not null,
    primary key (tenant, month)
) strict, without rowid;

-- Up to which change orders were counted, and before which day nothing is counted any more.
create table usage_progress (
    tenant integer primary key,
    changes_to integer not null,
    closed_before integer not null
) strict;

-- Who was active in a month that is not closed yet; of closed ones only their number is kept.
create table active_person (
    tenant integer not null,
    month integer not null,
    person integer not null,
    primary key (tenant, month, person)
) strict, without rowid;

-- When an order was counted as begun, so that one whose row went away and came again is not counted twice.
alter table public_id add column begun_at integer;

-- What there was before, as far as it is known: of deliveries and repeats the days are those of their making
-- and of the last one. Orders are counted from the changes that are kept.
insert into usage_day (tenant, day, messages, bytes, repeats, quarantined, orders, deliveries)
select tenant, at / 86400000000, sum(messages), sum(bytes), sum(repeats), sum(quarantined), 0, sum(deliveries)
from (
    select m.tenant, m.received_at as at, 1 as messages, m.size as bytes, 0 as repeats, 0 as quarantined, 0 as deliveries
    from message m
    join source s on s.tenant = m.tenant and s.id = m.source
    where s.key <> 'baton'
    union all
    select tenant, last_repeated_at, 0, 0, repeats, 0, 0 from message where last_repeated_at is not null
    union all
    select tenant, min(opened_at), 0, 0, 0, 1, 0 from quarantine group by tenant, message
    union all
    select tenant, created_at, 0, 0, 0, 0, 1 from outbox where state = 'delivered'
) as before
group by tenant, at / 86400000000;
