-- The first schema, for PostgreSQL. Its twin for SQLite has the same tables, columns and keys.

-- Numbers that only grow. Tenant 0 stands for the whole store.
create table counter (
    tenant bigint not null,
    name text not null,
    value bigint not null,
    primary key (tenant, name)
);

create table tenant (
    id bigint primary key,
    key text not null unique,
    name text not null,
    clock text not null,
    simulated_at bigint not null,
    real_at bigint not null,
    speed_per_mille bigint not null,
    created_at bigint not null
);

create table setting (
    tenant bigint not null,
    key text not null,
    value text not null,
    primary key (tenant, key)
);

create table api_key (
    tenant bigint not null,
    id bigint not null,
    hash bytea not null unique,
    prefix text not null,
    label text not null,
    role text not null,
    partner text,
    created_at bigint not null,
    expires_at bigint,
    revoked_at bigint,
    primary key (tenant, id)
);

create table partner (
    tenant bigint not null,
    key text not null,
    name text not null,
    role text not null,
    primary key (tenant, key)
);

create table source (
    tenant bigint not null,
    id bigint not null,
    key text not null,
    name text not null,
    partner text,
    role text not null,
    connector text not null,
    settings text not null,
    silent_after bigint,
    heard_at bigint,
    created_at bigint not null,
    disabled_at bigint,
    primary key (tenant, id)
);
create unique index source_by_key on source(tenant, key);

create table source_key (
    hash bytea not null,
    tenant bigint not null,
    source bigint not null,
    created_at bigint not null,
    valid_until bigint,
    primary key (hash)
);
create index source_key_by_source on source_key(tenant, source);

-- Messages are numbered store-wide and arrive at the end of the table; bodies may be long, so
-- SQLite keeps them in a rowid table, whose leaves hold more of a long row than a clustered one.
create table message (
    id bigint not null,
    tenant bigint not null,
    source bigint not null,
    received_at bigint not null,
    content_type text not null,
    headers text not null,
    hash bytea not null,
    size bigint not null,
    encoding bigint not null,
    repeats bigint not null,
    last_repeated_at bigint,
    body bytea not null,
    primary key (tenant, id)
);

-- The sender's own number of a message (i...), its bytes where the connector says that they are
-- enough (h...), or a number that was used again with other bytes (d...).
create table message_key (
    tenant bigint not null,
    source bigint not null,
    key text not null,
    message bigint not null,
    primary key (tenant, source, key)
);

-- Messages that nobody has interpreted yet.
create table pending (
    tenant bigint not null,
    message bigint not null,
    claimed_by bigint,
    claimed_until bigint,
    primary key (tenant, message)
);

-- Only messages that were read again have rows here; the first reading is the one by the pack that
-- was active when its facts were recorded.
create table reading (
    tenant bigint not null,
    message bigint not null,
    seq bigint not null,
    pack text not null,
    recorded_at bigint not null,
    primary key (tenant, message, seq)
);

create table quarantine (
    tenant bigint not null,
    id bigint not null,
    message bigint not null,
    part text not null,
    code text not null,
    error text not null,
    opened_at bigint not null,
    state text not null,
    closed_at bigint,
    closed_by text,
    reason text,
    primary key (tenant, id)
);
create index quarantine_by_message on quarantine(tenant, message);
create index quarantine_open on quarantine(tenant, id) where state = 'open';

-- The closure over all "same as" links: the unit of storage and of concurrency. A cluster that was
-- merged keeps its row, so that aliases and public ids need not be rewritten.
create table cluster (
    tenant bigint not null,
    id bigint not null,
    merged_into bigint,
    primary key (tenant, id)
);
create index cluster_merged on cluster(tenant, merged_into) where merged_into is not null;

-- The value comes first, so that a person's search for a number is a range of the key.
create table alias (
    tenant bigint not null,
    value text collate "C" not null,
    space text collate "C" not null,
    cluster bigint not null,
    primary key (tenant, value, space)
);

create table edge (
    tenant bigint not null,
    child bigint not null,
    parent bigint not null,
    primary key (tenant, child, parent)
);
create index edge_by_parent on edge(tenant, parent, child);

-- Together by cluster: deriving an order reads one place. A row holds what one reading of a message
-- says about one cluster; `n` is the number of its first fact. `content` is squeezed, see `facts.rs`.
create table fact (
    tenant bigint not null,
    cluster bigint not null,
    message bigint not null,
    n bigint not null,
    source bigint not null,
    recorded_at bigint not null,
    superseded_at bigint,
    content bytea not null,
    primary key (tenant, cluster, message, n)
);

-- In which clusters the facts of messages are, for reading them again: a row holds that of some
-- messages, and goes by the first of them. See `whereabouts.rs`.
create table whereabouts (
    tenant bigint not null,
    message bigint not null,
    clusters bytea not null,
    primary key (tenant, message)
);

-- Lists only; all else is derived on reading. An unknown promise is the largest integer.
create table orders (
    tenant bigint not null,
    cluster bigint not null,
    component bigint not null,
    id text not null,
    number text not null,
    state text not null,
    progress text,
    position text,
    customer text,
    value text,
    currency text,
    promised_at bigint not null,
    projected_at bigint,
    late_minutes bigint not null,
    holder text,
    partners text not null,
    exceptions_open bigint not null,
    severity_max bigint not null,
    placed_at bigint not null,
    updated_at bigint not null,
    digest bigint not null,
    primary key (tenant, cluster, component)
);
create index orders_by_state on orders(tenant, state, promised_at);
create index orders_by_holder on orders(tenant, holder, promised_at);
create index orders_late on orders(tenant, late_minutes) where late_minutes > 0;
create index orders_by_update on orders(tenant, updated_at);

-- Every public id that an order ever had.
create table public_id (
    tenant bigint not null,
    id text not null,
    cluster bigint not null,
    primary key (tenant, id)
);

create table order_partner (
    tenant bigint not null,
    partner text not null,
    cluster bigint not null,
    component bigint not null,
    role text not null,
    primary key (tenant, partner, cluster, component, role)
);
create index order_partner_by_order on order_partner(tenant, cluster, component);

create table object (
    tenant bigint not null,
    cluster bigint not null,
    component bigint not null,
    id text not null,
    kind text not null,
    primary key (tenant, cluster, component)
);

create table timer (
    tenant bigint not null,
    cluster bigint not null,
    wake_at bigint not null,
    primary key (tenant, cluster)
);
create index timer_by_wake on timer(tenant, wake_at);

create table exception (
    tenant bigint not null,
    id text collate "C" not null,
    cluster bigint not null,
    object text not null,
    code text not null,
    severity bigint not null,
    state text not null,
    opened_at bigint not null,
    closed_at bigint,
    liable text,
    partner text,
    summary text not null,
    expectation text not null,
    primary key (tenant, id)
);
create index exception_by_cluster on exception(tenant, cluster);
create index exception_open on exception(tenant, opened_at, id) where closed_at is null;
create index exception_open_by_code on exception(tenant, code) where closed_at is null;
create index exception_by_code on exception(tenant, code, opened_at);

create table subscription (
    tenant bigint not null,
    id bigint not null,
    url text not null,
    secret text not null,
    events text not null,
    created_at bigint not null,
    disabled_at bigint,
    primary key (tenant, id)
);

create table outbox (
    tenant bigint not null,
    id bigint not null,
    act text not null,
    cluster bigint not null,
    subscription bigint not null,
    payload text not null,
    attempts bigint not null,
    next_at bigint not null,
    state text not null,
    last_error text,
    created_at bigint not null,
    primary key (tenant, id)
);
create unique index outbox_by_act on outbox(tenant, act);
create index outbox_due on outbox(tenant, next_at) where state = 'pending';
create index outbox_in_order on outbox(tenant, subscription, cluster, id) where state = 'pending';

create table change (
    tenant bigint not null,
    id bigint not null,
    at bigint not null,
    cluster bigint not null,
    kind text not null,
    object text not null,
    summary text not null,
    primary key (tenant, id)
);

create table pack (
    tenant bigint not null,
    name text not null,
    version text not null,
    content bytea not null,
    digest text not null,
    stored_at bigint not null,
    primary key (tenant, name, version)
);

create table activation (
    tenant bigint not null,
    seq bigint not null,
    pack text not null,
    version text not null,
    activated_at bigint not null,
    activated_by text not null,
    primary key (tenant, seq)
);

create table idempotency (
    tenant bigint not null,
    key text not null,
    request_hash bytea not null,
    status bigint not null,
    response text not null,
    at bigint not null,
    primary key (tenant, key)
);
create index idempotency_by_age on idempotency(tenant, at);
