-- The first schema, for SQLite. Its twin for PostgreSQL has the same tables, columns and keys.

-- Numbers that only grow. Tenant 0 stands for the whole store.
create table counter (
    tenant integer not null,
    name text not null,
    value integer not null,
    primary key (tenant, name)
) strict, without rowid;

create table tenant (
    id integer primary key,
    key text not null unique,
    name text not null,
    clock text not null,
    simulated_at integer not null,
    real_at integer not null,
    speed_per_mille integer not null,
    created_at integer not null
) strict;

create table setting (
    tenant integer not null,
    key text not null,
    value text not null,
    primary key (tenant, key)
) strict, without rowid;

create table api_key (
    tenant integer not null,
    id integer not null,
    hash blob not null unique,
    prefix text not null,
    label text not null,
    role text not null,
    partner text,
    created_at integer not null,
    expires_at integer,
    revoked_at integer,
    primary key (tenant, id)
) strict, without rowid;

create table partner (
    tenant integer not null,
    key text not null,
    name text not null,
    role text not null,
    primary key (tenant, key)
) strict, without rowid;

create table source (
    tenant integer not null,
    id integer not null,
    key text not null,
    name text not null,
    partner text,
    role text not null,
    connector text not null,
    settings text not null,
    silent_after integer,
    heard_at integer,
    created_at integer not null,
    disabled_at integer,
    primary key (tenant, id)
) strict, without rowid;
create unique index source_by_key on source(tenant, key);

create table source_key (
    hash blob not null,
    tenant integer not null,
    source integer not null,
    created_at integer not null,
    valid_until integer,
    primary key (hash)
) strict, without rowid;
create index source_key_by_source on source_key(tenant, source);

-- Messages are numbered store-wide and arrive at the end of the table; bodies may be long, so
-- SQLite keeps them in a rowid table, whose leaves hold more of a long row than a clustered one.
create table message (
    id integer primary key,
    tenant integer not null,
    source integer not null,
    received_at integer not null,
    content_type text not null,
    headers text not null,
    hash blob not null,
    size integer not null,
    encoding integer not null,
    repeats integer not null,
    last_repeated_at integer,
    body blob not null
) strict;

-- The sender's own number of a message (i...), its bytes where the connector says that they are
-- enough (h...), or a number that was used again with other bytes (d...).
create table message_key (
    tenant integer not null,
    source integer not null,
    key text not null,
    message integer not null,
    primary key (tenant, source, key)
) strict, without rowid;

-- Messages that nobody has interpreted yet.
create table pending (
    tenant integer not null,
    message integer not null,
    claimed_by integer,
    claimed_until integer,
    primary key (tenant, message)
) strict, without rowid;

-- Only messages that were read again have rows here; the first reading is the one by the pack that
-- was active when its facts were recorded.
create table reading (
    tenant integer not null,
    message integer not null,
    seq integer not null,
    pack text not null,
    recorded_at integer not null,
    primary key (tenant, message, seq)
) strict, without rowid;

create table quarantine (
    tenant integer not null,
    id integer not null,
    message integer not null,
    part text not null,
    code text not null,
    error text not null,
    opened_at integer not null,
    state text not null,
    closed_at integer,
    closed_by text,
    reason text,
    primary key (tenant, id)
) strict, without rowid;
create index quarantine_by_message on quarantine(tenant, message);
create index quarantine_open on quarantine(tenant, id) where state = 'open';

-- The closure over all "same as" links: the unit of storage and of concurrency. A cluster that was
-- merged keeps its row, so that aliases and public ids need not be rewritten.
create table cluster (
    tenant integer not null,
    id integer not null,
    merged_into integer,
    primary key (tenant, id)
) strict, without rowid;
create index cluster_merged on cluster(tenant, merged_into) where merged_into is not null;

-- The value comes first, so that a person's search for a number is a range of the key.
create table alias (
    tenant integer not null,
    value text not null,
    space text not null,
    cluster integer not null,
    primary key (tenant, value, space)
) strict, without rowid;

create table edge (
    tenant integer not null,
    child integer not null,
    parent integer not null,
    primary key (tenant, child, parent)
) strict, without rowid;
create index edge_by_parent on edge(tenant, parent, child);

-- Together by cluster: deriving an order reads one place. A row holds what one reading of a message
-- says about one cluster; `n` is the number of its first fact. `content` is squeezed, see `facts.rs`.
create table fact (
    tenant integer not null,
    cluster integer not null,
    message integer not null,
    n integer not null,
    source integer not null,
    recorded_at integer not null,
    superseded_at integer,
    content blob not null,
    primary key (tenant, cluster, message, n)
) strict, without rowid;

-- In which clusters the facts of messages are, for reading them again: a row holds that of some
-- messages, and goes by the first of them. See `whereabouts.rs`.
create table whereabouts (
    tenant integer not null,
    message integer not null,
    clusters blob not null,
    primary key (tenant, message)
) strict, without rowid;

-- Lists only; all else is derived on reading. An unknown promise is the largest integer.
create table orders (
    tenant integer not null,
    cluster integer not null,
    component integer not null,
    id text not null,
    number text not null,
    state text not null,
    progress text,
    position text,
    customer text,
    value text,
    currency text,
    promised_at integer not null,
    projected_at integer,
    late_minutes integer not null,
    holder text,
    partners text not null,
    exceptions_open integer not null,
    severity_max integer not null,
    placed_at integer not null,
    updated_at integer not null,
    digest integer not null,
    primary key (tenant, cluster, component)
) strict, without rowid;
create index orders_by_state on orders(tenant, state, promised_at);
create index orders_by_holder on orders(tenant, holder, promised_at);
create index orders_late on orders(tenant, late_minutes) where late_minutes > 0;
create index orders_by_update on orders(tenant, updated_at);

-- Every public id that an order ever had.
create table public_id (
    tenant integer not null,
    id text not null,
    cluster integer not null,
    primary key (tenant, id)
) strict, without rowid;

create table order_partner (
    tenant integer not null,
    partner text not null,
    cluster integer not null,
    component integer not null,
    role text not null,
    primary key (tenant, partner, cluster, component, role)
) strict, without rowid;
create index order_partner_by_order on order_partner(tenant, cluster, component);

create table object (
    tenant integer not null,
    cluster integer not null,
    component integer not null,
    id text not null,
    kind text not null,
    primary key (tenant, cluster, component)
) strict, without rowid;

create table timer (
    tenant integer not null,
    cluster integer not null,
    wake_at integer not null,
    primary key (tenant, cluster)
) strict, without rowid;
create index timer_by_wake on timer(tenant, wake_at);

create table exception (
    tenant integer not null,
    id text not null,
    cluster integer not null,
    object text not null,
    code text not null,
    severity integer not null,
    state text not null,
    opened_at integer not null,
    closed_at integer,
    liable text,
    partner text,
    summary text not null,
    expectation text not null,
    primary key (tenant, id)
) strict, without rowid;
create index exception_by_cluster on exception(tenant, cluster);
create index exception_open on exception(tenant, opened_at, id) where closed_at is null;
create index exception_open_by_code on exception(tenant, code) where closed_at is null;
create index exception_by_code on exception(tenant, code, opened_at);

create table subscription (
    tenant integer not null,
    id integer not null,
    url text not null,
    secret text not null,
    events text not null,
    created_at integer not null,
    disabled_at integer,
    primary key (tenant, id)
) strict, without rowid;

create table outbox (
    tenant integer not null,
    id integer not null,
    act text not null,
    cluster integer not null,
    subscription integer not null,
    payload text not null,
    attempts integer not null,
    next_at integer not null,
    state text not null,
    last_error text,
    created_at integer not null,
    primary key (tenant, id)
) strict, without rowid;
create unique index outbox_by_act on outbox(tenant, act);
create index outbox_due on outbox(tenant, next_at) where state = 'pending';
create index outbox_in_order on outbox(tenant, subscription, cluster, id) where state = 'pending';

create table change (
    tenant integer not null,
    id integer not null,
    at integer not null,
    cluster integer not null,
    kind text not null,
    object text not null,
    summary text not null,
    primary key (tenant, id)
) strict, without rowid;

create table pack (
    tenant integer not null,
    name text not null,
    version text not null,
    content blob not null,
    digest text not null,
    stored_at integer not null,
    primary key (tenant, name, version)
) strict;

create table activation (
    tenant integer not null,
    seq integer not null,
    pack text not null,
    version text not null,
    activated_at integer not null,
    activated_by text not null,
    primary key (tenant, seq)
) strict, without rowid;

create table idempotency (
    tenant integer not null,
    key text not null,
    request_hash blob not null,
    status integer not null,
    response text not null,
    at integer not null,
    primary key (tenant, key)
) strict, without rowid;
create index idempotency_by_age on idempotency(tenant, at);
