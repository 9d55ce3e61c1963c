-- Whoever counts has the row until the commit: two nodes never count beside each other.
insert into usage_progress (tenant, changes_to, closed_before) values ($1, 0, 0)
on conflict (tenant) do update set changes_to = usage_progress.changes_to
returning changes_to, closed_before
