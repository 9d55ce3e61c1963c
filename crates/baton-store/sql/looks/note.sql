insert into look (tenant, who, change, at) values ($1, $2, $3, $4)
on conflict (tenant, who) do update set change = excluded.change, at = excluded.at
where look.change <= excluded.change
