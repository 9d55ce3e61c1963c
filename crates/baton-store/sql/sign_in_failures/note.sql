insert into sign_in_failure (login, failures, last_at) values ($1, 1, $2)
on conflict (login) do update set
    failures = case when sign_in_failure.last_at < $3 then 1 else sign_in_failure.failures + 1 end,
    last_at = excluded.last_at
