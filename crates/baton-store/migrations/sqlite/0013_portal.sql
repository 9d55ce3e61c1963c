-- What a partner sees of what is between the tenant and its customers.
alter table partner add column sees_prices integer not null default 0;
alter table partner add column sees_names integer not null default 0;

-- Up to which change, and when, somebody last looked at their first page.
create table look (
    tenant integer not null,
    who text not null,
    change integer not null,
    at integer not null,
    primary key (tenant, who)
) strict, without rowid;

-- Lists as people keep them: filters, order and columns are the search part of the page's address.
create table saved_view (
    tenant integer not null,
    id integer not null,
    owner text not null,
    page text not null,
    name text not null,
    search text not null,
    shared integer not null,
    created_at integer not null,
    primary key (tenant, id)
) strict, without rowid;

-- What is wrong, as a sentence's name and what it is filled with, for readers of other languages; and who
-- looks after it.
alter table exception add column wording text not null default '';
alter table exception add column taken_by text;
alter table exception add column taken_at integer;
