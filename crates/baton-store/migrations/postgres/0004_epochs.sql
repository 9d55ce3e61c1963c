-- Whether an activation moves subjects that were there before. Until now all did.
alter table activation add column moves bigint not null default 1;
