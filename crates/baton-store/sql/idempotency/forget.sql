delete from idempotency
where tenant = $1 and key in (select key from idempotency where tenant = $1 and at < $2 order by at limit $3)
