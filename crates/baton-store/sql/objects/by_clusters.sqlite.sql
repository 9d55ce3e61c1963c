select cluster, component, id from object where tenant = $1 and cluster = $2 order by component
