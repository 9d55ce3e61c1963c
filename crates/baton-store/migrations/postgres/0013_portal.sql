-- What a partner sees of what is between the tenant and its customers.
alter table partner add column sees_prices bigint not null default 0;
alter table partner add column sees_names bigint not null default 0;

-- Up to which change, and when, somebody last looked at their first page.
create table look (
    tenant bigint not null,
    who text collate "C" not null,
    change bigint not null,
    at bigint not null,
    primary key (tenant, who)
);

-- Lists as people keep them: filters, order and columns are the search part of the page's address.
create table saved_view (
    tenant bigint not null,
    id bigint not null,
    owner text not null,
    page text not null,
    name text not null,
    search text not null,
    shared bigint not null,
    created_at bigint not null,
    primary key (tenant, id)
);

-- What is wrong, as a sentence's name and what it is filled with, for readers of other languages; and who
-- looks after it.
alter table exception add column wording text not null default '';
alter table exception add column taken_by text;
alter table exception add column taken_at bigint;
