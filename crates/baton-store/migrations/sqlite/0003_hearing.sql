-- How far each source was heard by the commits of the engine: beside the facts, the other thing that a
-- derivation rests on. A row holds from its commit to the next row of its source.
create table hearing (
    tenant integer not null,
    source integer not null,
    recorded_at integer not null,
    heard_at integer not null,
    silent_after integer,
    primary key (tenant, source, recorded_at)
) strict, without rowid;
