insert into identity (issuer, subject, person, linked_at) values ($1, $2, $3, $4)
on conflict (issuer, subject) do nothing
