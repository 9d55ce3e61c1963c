-- The processes that share this store, each with the instant up to which it is known to live. What one
-- holds that is gone is free for the others.
create table worker (
    id integer primary key,
    alive_until integer not null
);
alter table outbox add column claimed_by integer;
create index outbox_claimed on outbox(tenant, claimed_by) where claimed_by is not null;
