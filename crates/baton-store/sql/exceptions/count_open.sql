select code, count(*) from exception where tenant = $1 and closed_at is null group by code order by code
