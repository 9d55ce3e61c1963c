insert into edge (tenant, child, parent)
select tenant, child, $3 from edge where tenant = $1 and parent = $2 and child <> $3 and child <> $2
on conflict (tenant, child, parent) do nothing
