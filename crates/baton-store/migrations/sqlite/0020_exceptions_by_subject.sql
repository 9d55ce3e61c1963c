-- Exceptions stand beside each other by what they are about, as facts do: who derives an order reads and writes
-- those of its cluster, and by their public ids each of them was on a page of its own among all that there are.
create table exception_by_subject (
    tenant integer not null,
    cluster integer not null,
    id text not null,
    object text not null,
    code text not null,
    severity integer not null,
    state text not null,
    opened_at integer not null,
    closed_at integer,
    liable text,
    partner text,
    summary text not null,
    expectation text not null,
    wording text not null default '',
    taken_by text,
    taken_at integer,
    money integer not null default 0,
    due_at integer not null default 9223372036854775807,
    primary key (tenant, cluster, id)
) strict, without rowid;
insert into exception_by_subject (tenant, cluster, id, object, code, severity, state, opened_at, closed_at, liable, partner, summary, expectation, wording, taken_by, taken_at, money, due_at)
select tenant, cluster, id, object, code, severity, state, opened_at, closed_at, liable, partner, summary, expectation, wording, taken_by, taken_at, money, due_at
from exception
order by tenant, cluster, id;
drop table exception;
alter table exception_by_subject rename to exception;
create unique index exception_by_id on exception(tenant, id);
create index exception_by_code on exception(tenant, code, opened_at);
create index exception_open_ranked on exception(tenant, code, (coalesce(partner, '')), severity, money, due_at, id, closed_at)
    where closed_at is null;
create index exception_by_state on exception(tenant, state, opened_at, id);
