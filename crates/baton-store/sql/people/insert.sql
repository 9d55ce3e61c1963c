insert into person (id, login, password, created_at) values ($1, $2, $3, $4)
on conflict (login) do nothing
