insert into timer (tenant, cluster, wake_at)
select tenant, cluster, wake_at from unnest($1::bigint[], $2::bigint[], $3::bigint[]) as new (tenant, cluster, wake_at)
on conflict (tenant, cluster) do update set wake_at = excluded.wake_at
where timer.wake_at <> excluded.wake_at
