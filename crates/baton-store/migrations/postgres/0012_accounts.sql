-- Codes that stand in for a second factor whose app is lost, each good once. Only hashes are kept.
create table recovery_code (
    person bigint not null,
    hash bytea not null,
    created_at bigint not null,
    primary key (person, hash)
);

-- As whom a provider of identities knows somebody.
create table identity (
    issuer text collate "C" not null,
    subject text collate "C" not null,
    person bigint not null,
    linked_at bigint not null,
    primary key (issuer, subject)
);
create index identity_by_person on identity(person);

-- By which way a session was opened.
alter table session add column way text not null default 'password';
update session set way = 'key' where key_id is not null;
