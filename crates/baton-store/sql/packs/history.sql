select seq, pack, version, activated_at, activated_by, moves from activation where tenant = $1 order by seq
