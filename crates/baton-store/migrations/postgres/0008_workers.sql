-- The processes that share this store, each with the instant up to which it is known to live. What one
-- holds that is gone is free for the others.
create table worker (
    id bigint primary key,
    alive_until bigint not null
);
alter table outbox add column claimed_by bigint;
create index outbox_claimed on outbox(tenant, claimed_by) where claimed_by is not null;
