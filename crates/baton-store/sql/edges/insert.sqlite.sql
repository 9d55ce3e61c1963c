insert into edge (tenant, child, parent) values ($1, $2, $3)
on conflict (tenant, child, parent) do nothing
