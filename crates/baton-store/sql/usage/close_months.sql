insert into usage_month (tenant, month, people)
select tenant, month, count(*) from active_person where tenant = $1 and month < $2 group by tenant, month
on conflict (tenant, month) do update set people = usage_month.people + excluded.people
