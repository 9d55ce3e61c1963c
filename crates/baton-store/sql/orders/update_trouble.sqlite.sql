-- What is open against an order, by which those are listed that have something.
update orders set exceptions_open = $4, severity_max = $5
where tenant = $1 and cluster = $2 and component = $3
