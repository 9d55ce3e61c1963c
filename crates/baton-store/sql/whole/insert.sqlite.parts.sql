insert into :table (tenant, :columns)
values (:values)
on conflict do nothing
