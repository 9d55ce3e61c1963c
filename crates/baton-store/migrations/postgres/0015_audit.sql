-- Who did what. Lines are only ever added; each is chained to the one before it by its hash. Tenant 0 has
-- what the operator does that is about no tenant.
create table audit (
    tenant bigint not null,
    seq bigint not null,
    at bigint not null,
    who text not null,
    name text not null,
    role text not null,
    operation text not null,
    subject_kind text not null,
    subject text not null,
    outcome text not null,
    detail text not null,
    hash bytea not null,
    primary key (tenant, seq)
);
create index audit_by_time on audit(tenant, at, seq);
create index audit_by_who on audit(tenant, who, seq);
create index audit_by_subject on audit(tenant, subject, seq);
create index audit_by_operation on audit(tenant, operation, seq);
create index audit_refused on audit(tenant, seq) where outcome <> 'done';

-- As whose the pages are to look. Tenant 0 is the operator's, for whoever has none.
create table brand (
    tenant bigint not null,
    host text,
    content text not null,
    logo_type text not null,
    logo bytea not null,
    changed_at bigint not null,
    primary key (tenant)
);
create unique index brand_by_host on brand(host) where host is not null;

-- Links by which a customer follows one order. Only hashes are kept.
create table tracking_link (
    tenant bigint not null,
    id bigint not null,
    hash bytea not null unique,
    order_id text not null,
    label text not null,
    created_at bigint not null,
    created_by text not null,
    expires_at bigint not null,
    revoked_at bigint,
    primary key (tenant, id)
);
create index tracking_link_by_order on tracking_link(tenant, order_id, id);
