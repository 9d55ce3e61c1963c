insert into timer (tenant, cluster, wake_at) values ($1, $2, $3)
on conflict (tenant, cluster) do update set wake_at = excluded.wake_at
where timer.wake_at <> excluded.wake_at
