insert into timer (tenant, cluster, wake_at)
select tenant, id, $2 from cluster where tenant = $1 and merged_into is null
on conflict (tenant, cluster) do update set wake_at = excluded.wake_at
