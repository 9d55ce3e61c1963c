insert into audit (tenant, seq, at, who, name, role, operation, subject_kind, subject, outcome, detail, hash)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
