-- People who sign in. They are of the whole store: a membership says what a person may do in a tenant, and
-- one without a tenant (0) is that of the operator's own staff.
create table person (
    id integer primary key,
    login text not null unique,
    password text,
    totp_secret text,
    totp_confirmed_at integer,
    totp_step integer,
    locale text,
    created_at integer not null,
    disabled_at integer
) strict;

create table membership (
    tenant integer not null,
    person integer not null,
    name text not null,
    role text not null,
    partner text,
    created_at integer not null,
    accepted_at integer,
    disabled_at integer,
    primary key (tenant, person)
) strict, without rowid;
create index membership_by_person on membership(person, tenant);

-- Of what a browser holds only the hash is kept. It stands for a person or for a key.
create table session (
    hash blob primary key,
    id integer not null unique,
    person integer,
    key_tenant integer,
    key_id integer,
    tenant integer not null,
    created_at integer not null,
    seen_at integer not null,
    expires_at integer not null,
    agent text not null,
    address text not null
) strict, without rowid;
create index session_by_person on session(person) where person is not null;
create index session_by_end on session(expires_at);

-- Kept for every login that was tried in vain, whether there is one of that name or not.
create table sign_in_failure (
    login blob primary key,
    failures integer not null,
    last_at integer not null
) strict, without rowid;
