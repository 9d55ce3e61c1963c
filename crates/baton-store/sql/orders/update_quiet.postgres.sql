-- Leaves out the columns that lists filter by, and so their indices.
update orders set id = new.id, number = new.number, progress = new.progress, position = new.position, customer = new.customer, value = new.value, currency = new.currency, projected_at = new.projected_at, partners = new.partners, exceptions_open = new.exceptions_open, severity_max = new.severity_max, placed_at = new.placed_at, updated_at = new.updated_at, digest = new.digest
from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::bigint[], $12::text[], $13::bigint[], $14::bigint[], $15::bigint[], $16::bigint[], $17::bigint[])
    as new (tenant, cluster, component, id, number, progress, position, customer, value, currency, projected_at, partners, exceptions_open, severity_max, placed_at, updated_at, digest)
where orders.tenant = new.tenant and orders.cluster = new.cluster and orders.component = new.component
