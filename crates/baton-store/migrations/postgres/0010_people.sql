-- People who sign in. They are of the whole store: a membership says what a person may do in a tenant, and
-- one without a tenant (0) is that of the operator's own staff.
create table person (
    id bigint primary key,
    login text collate "C" not null unique,
    password text,
    totp_secret text,
    totp_confirmed_at bigint,
    totp_step bigint,
    locale text,
    created_at bigint not null,
    disabled_at bigint
);

create table membership (
    tenant bigint not null,
    person bigint not null,
    name text not null,
    role text not null,
    partner text,
    created_at bigint not null,
    accepted_at bigint,
    disabled_at bigint,
    primary key (tenant, person)
);
create index membership_by_person on membership(person, tenant);

-- Of what a browser holds only the hash is kept. It stands for a person or for a key.
create table session (
    hash bytea primary key,
    id bigint not null unique,
    person bigint,
    key_tenant bigint,
    key_id bigint,
    tenant bigint not null,
    created_at bigint not null,
    seen_at bigint not null,
    expires_at bigint not null,
    agent text not null,
    address text not null
);
create index session_by_person on session(person) where person is not null;
create index session_by_end on session(expires_at);

-- Kept for every login that was tried in vain, whether there is one of that name or not.
create table sign_in_failure (
    login bytea primary key,
    failures bigint not null,
    last_at bigint not null
);
