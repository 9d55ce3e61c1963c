-- Who did what. Lines are only ever added; each is chained to the one before it by its hash. Tenant 0 has
-- what the operator does that is about no tenant.
create table audit (
    tenant integer not null,
    seq integer not null,
    at integer not null,
    who text not null,
    name text not null,
    role text not null,
    operation text not null,
    subject_kind text not null,
    subject text not null,
    outcome text not null,
    detail text not null,
    hash blob not null,
    primary key (tenant, seq)
) strict, without rowid;
create index audit_by_time on audit(tenant, at, seq);
create index audit_by_who on audit(tenant, who, seq);
create index audit_by_subject on audit(tenant, subject, seq);
create index audit_by_operation on audit(tenant, operation, seq);
create index audit_refused on audit(tenant, seq) where outcome <> 'done';

-- As whose the pages are to look. Tenant 0 is the operator's, for whoever has none.
create table brand (
    tenant integer not null,
    host text,
    content text not null,
    logo_type text not null,
    logo blob not null,
    changed_at integer not null,
    primary key (tenant)
) strict, without rowid;
create unique index brand_by_host on brand(host) where host is not null;

-- Links by which a customer follows one order. Only hashes are kept.
create table tracking_link (
    tenant integer not null,
    id integer not null,
    hash blob not null unique,
    order_id text not null,
    label text not null,
    created_at integer not null,
    created_by text not null,
    expires_at integer not null,
    revoked_at integer,
    primary key (tenant, id)
) strict, without rowid;
create index tracking_link_by_order on tracking_link(tenant, order_id, id);
