-- Another order of a cluster whose last one is not counted yet adds to its note.
insert into usage_note (tenant, kind, number, at, events, bytes) values ($1, $2, $3, $4, $5, 0)
on conflict (tenant, kind, number) do update set events = usage_note.events + excluded.events
