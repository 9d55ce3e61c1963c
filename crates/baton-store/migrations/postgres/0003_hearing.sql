-- How far each source was heard by the commits of the engine: beside the facts, the other thing that a
-- derivation rests on. A row holds from its commit to the next row of its source.
create table hearing (
    tenant bigint not null,
    source bigint not null,
    recorded_at bigint not null,
    heard_at bigint not null,
    silent_after bigint,
    primary key (tenant, source, recorded_at)
);
