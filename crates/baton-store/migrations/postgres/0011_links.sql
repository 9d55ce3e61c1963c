-- Links that are good once: to take up a seat, or to set another password. Only hashes are kept.
create table link (
    hash bytea primary key,
    person bigint not null,
    tenant bigint not null,
    kind text not null,
    created_at bigint not null,
    expires_at bigint not null
);
create index link_by_person on link(person);
