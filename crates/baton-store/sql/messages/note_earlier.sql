insert into earlier_receipt (tenant, message)
select tenant, id from message where tenant = $1 and id = $2 and received_at > $3
on conflict (tenant, message) do nothing
