update pending set claimed_by = null, claimed_until = null
where tenant = $1 and claimed_by is not null
    and not exists (
        select 1 from worker where worker.id = claimed_by and worker.alive_until > $2 and worker.alive_until <= $3
    )
