-- Whether an activation moves subjects that were there before. Until now all did.
alter table activation add column moves integer not null default 1;
