-- Whoever counts has the row until the commit: two nodes never count beside each other.
insert into usage_progress (tenant, closed_before) values ($1, 0)
on conflict (tenant) do update set closed_before = usage_progress.closed_before
returning closed_before
