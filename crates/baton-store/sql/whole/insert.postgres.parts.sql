insert into :table (tenant, :columns)
select * from unnest(:values)
on conflict do nothing
