-- part: head
select seq, at, who, name, role, operation, subject_kind, subject, outcome, detail, hash
from audit where tenant = $1 and seq >= $? and seq < $?
-- part: who
and who = $?
-- part: operation
and operation = $?
-- part: kind
and subject_kind = $?
-- part: subject
and subject = $?
-- part: done
and outcome = 'done'
-- part: refused
and outcome <> 'done'
-- part: newest first
order by seq desc
limit $?
