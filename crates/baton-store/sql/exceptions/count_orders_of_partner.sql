select count(*) from (
    select 1 from order_partner where tenant = $1 and partner = $2 limit $3
) as counted
