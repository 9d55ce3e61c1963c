-- Leaves out the columns that lists filter by, and so their indices.
update orders set id = $4, number = $5, progress = $6, position = $7, customer = $8, value = $9, currency = $10, projected_at = $11, partners = $12, exceptions_open = $13, severity_max = $14, placed_at = $15, updated_at = $16, digest = $17
where tenant = $1 and cluster = $2 and component = $3
