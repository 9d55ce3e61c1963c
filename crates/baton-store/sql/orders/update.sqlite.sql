update orders set id = $4, number = $5, state = $6, progress = $7, position = $8, customer = $9, value = $10, currency = $11, promised_at = $12, projected_at = $13, late_minutes = $14, holder = $15, partners = $16, exceptions_open = $17, severity_max = $18, placed_at = $19, updated_at = $20, digest = $21
where tenant = $1 and cluster = $2 and component = $3
