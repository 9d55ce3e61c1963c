-- Whether nothing that is in force says of a relation that it is there: its facts are where they were and
-- are looked at, and lists do not follow it. Those of before are found out as their orders are derived.
alter table edge add column void bigint not null default 0;
drop index edge_by_parent;
create index edge_by_parent on edge(tenant, parent, child, void);
