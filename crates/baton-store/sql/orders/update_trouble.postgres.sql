-- What is open against an order, by which those are listed that have something.
update orders set exceptions_open = new.exceptions_open, severity_max = new.severity_max
from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[])
    as new (tenant, cluster, component, exceptions_open, severity_max)
where orders.tenant = new.tenant and orders.cluster = new.cluster and orders.component = new.component
