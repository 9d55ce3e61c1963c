-- What somebody has changed of a pack and not yet brought in: one for each pack and author.
create table pack_draft (
    tenant bigint not null,
    pack text not null,
    author text not null,
    person text not null,
    base text not null,
    content bytea not null,
    revision bigint not null,
    saved_at bigint not null,
    primary key (tenant, pack, author)
);

-- What is to be activated, or changed in who has to approve it, once enough people have said yes.
create table pack_request (
    tenant bigint not null,
    id bigint not null,
    wanted text not null,
    reason text not null,
    needed bigint not null,
    author text not null,
    asked_by text not null,
    asked_at bigint not null,
    expires_at bigint not null,
    state text not null,
    closed_at bigint,
    closed_by text,
    activation bigint,
    primary key (tenant, id)
);

-- What was said to a request: approvals and refusals are words as well.
create table pack_request_word (
    tenant bigint not null,
    request bigint not null,
    seq bigint not null,
    author text not null,
    said_by text not null,
    said_at bigint not null,
    kind text not null,
    words text not null,
    primary key (tenant, request, seq)
);
