-- Two nodes that start at once must not migrate at once.
select pg_advisory_xact_lock(7310500001);
create table if not exists schema_version (version bigint primary key);
