-- Messages that came again with an earlier receipt than was known: a message's receipt is the least of
-- all its copies, so the facts that were recorded from it are to be stamped again.
create table earlier_receipt (
    tenant bigint not null,
    message bigint not null,
    primary key (tenant, message)
);
