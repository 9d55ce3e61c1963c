-- What two blobs make is text, of the same bytes.
insert into whereabouts (tenant, message, clusters) values ($1, $2, $3)
on conflict (tenant, message) do update set clusters = cast(whereabouts.clusters || excluded.clusters as blob)
