insert into reading (tenant, message, seq, pack, recorded_at)
select $1, $2, coalesce(max(seq), 0) + 1, $3, $4 from reading where tenant = $1 and message = $2
returning seq
