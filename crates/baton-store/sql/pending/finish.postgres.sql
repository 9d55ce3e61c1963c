delete from pending
using unnest($1::bigint[], $2::bigint[]) as done (tenant, message)
where pending.tenant = done.tenant and pending.message = done.message
returning pending.message
