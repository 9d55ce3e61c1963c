-- What somebody has changed of a pack and not yet brought in: one for each pack and author.
create table pack_draft (
    tenant integer not null,
    pack text not null,
    author text not null,
    person text not null,
    base text not null,
    content blob not null,
    revision integer not null,
    saved_at integer not null,
    primary key (tenant, pack, author)
) strict, without rowid;

-- What is to be activated, or changed in who has to approve it, once enough people have said yes.
create table pack_request (
    tenant integer not null,
    id integer not null,
    wanted text not null,
    reason text not null,
    needed integer not null,
    author text not null,
    asked_by text not null,
    asked_at integer not null,
    expires_at integer not null,
    state text not null,
    closed_at integer,
    closed_by text,
    activation integer,
    primary key (tenant, id)
) strict, without rowid;

-- What was said to a request: approvals and refusals are words as well.
create table pack_request_word (
    tenant integer not null,
    request integer not null,
    seq integer not null,
    author text not null,
    said_by text not null,
    said_at integer not null,
    kind text not null,
    words text not null,
    primary key (tenant, request, seq)
) strict, without rowid;
