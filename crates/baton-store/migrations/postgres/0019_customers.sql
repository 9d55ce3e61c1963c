-- The customers that somebody looks after, by the names that orders have.
create table looked_after (
    tenant bigint not null,
    owner text collate "C" not null,
    customer text collate "C" not null,
    primary key (tenant, owner, customer)
);
