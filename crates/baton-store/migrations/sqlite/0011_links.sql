-- Links that are good once: to take up a seat, or to set another password. Only hashes are kept.
create table link (
    hash blob primary key,
    person integer not null,
    tenant integer not null,
    kind text not null,
    created_at integer not null,
    expires_at integer not null
) strict, without rowid;
create index link_by_person on link(person);
