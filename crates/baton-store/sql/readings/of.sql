select seq, pack, recorded_at from reading where tenant = $1 and message = $2 order by seq
