-- Leaves out what is open against it, and so the index of those that have something.
update orders set id = $4, number = $5, state = $6, progress = $7, position = $8, customer = $9, value = $10, currency = $11, promised_at = $12, projected_at = $13, late_minutes = $14, holder = $15, partners = $16, placed_at = $17, updated_at = $18, digest = $19
where tenant = $1 and cluster = $2 and component = $3
