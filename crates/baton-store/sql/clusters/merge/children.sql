-- An edge to itself says nothing.
insert into edge (tenant, child, parent)
select tenant, $3, parent from edge where tenant = $1 and child = $2 and parent <> $3 and parent <> $2
on conflict (tenant, child, parent) do nothing
