update outbox set claimed_by = null, next_at = $2, attempts = attempts - 1
where tenant = $1 and claimed_by is not null and state = 'pending'
    and not exists (
        select 1 from worker where worker.id = claimed_by and worker.alive_until > $2 and worker.alive_until <= $3
    )
