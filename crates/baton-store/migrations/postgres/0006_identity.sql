-- Which store this is, kept by its backups, so that one store's is not taken for another's.
insert into setting (tenant, key, value)
select 0, 'identity', replace(gen_random_uuid()::text, '-', '');
