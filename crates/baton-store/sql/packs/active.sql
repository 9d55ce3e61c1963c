select a.seq, a.pack, a.version, a.activated_at, a.activated_by, a.moves
from activation a
where a.tenant = $1 and a.seq = (
    select max(b.seq) from activation b
    where b.tenant = a.tenant and b.pack = a.pack and b.activated_at <= $2
)
order by a.pack
