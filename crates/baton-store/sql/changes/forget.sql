delete from change
where tenant = $1 and id in (
    select id
    from (select id, at from change where tenant = $1 order by id limit $3) as oldest
    where at < $2
)
