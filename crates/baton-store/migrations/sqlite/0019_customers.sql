-- The customers that somebody looks after, by the names that orders have.
create table looked_after (
    tenant integer not null,
    owner text not null,
    customer text not null,
    primary key (tenant, owner, customer)
) strict, without rowid;
