select count(*) from (
    select 1 from exception where tenant = $1 and code = $2 and closed_at is null limit $3
) as counted
