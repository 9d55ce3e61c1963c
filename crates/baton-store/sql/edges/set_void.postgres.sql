update edge set void = new.void
from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) as new (tenant, child, parent, void)
where edge.tenant = new.tenant and edge.child = new.child and edge.parent = new.parent
