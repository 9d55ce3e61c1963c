insert into orders (tenant, cluster, component, id, number, state, progress, position, customer, value, currency, promised_at, projected_at, late_minutes, holder, partners, exceptions_open, severity_max, placed_at, updated_at, digest)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
