-- Codes that stand in for a second factor whose app is lost, each good once. Only hashes are kept.
create table recovery_code (
    person integer not null,
    hash blob not null,
    created_at integer not null,
    primary key (person, hash)
) strict, without rowid;

-- As whom a provider of identities knows somebody.
create table identity (
    issuer text not null,
    subject text not null,
    person integer not null,
    linked_at integer not null,
    primary key (issuer, subject)
) strict, without rowid;
create index identity_by_person on identity(person);

-- By which way a session was opened.
alter table session add column way text not null default 'password';
update session set way = 'key' where key_id is not null;
