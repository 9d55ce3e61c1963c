select seq, at, who, name, role, operation, subject_kind, subject, outcome, detail, hash
from audit where tenant = $1 and seq > $2 order by seq limit $3
