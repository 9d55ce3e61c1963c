insert into hearing (tenant, source, recorded_at, heard_at, silent_after) values ($1, $2, $3, $4, $5)
on conflict (tenant, source, recorded_at)
do update set heard_at = excluded.heard_at, silent_after = excluded.silent_after
