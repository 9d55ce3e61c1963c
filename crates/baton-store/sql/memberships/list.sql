select m.tenant, m.person, m.name, m.role, m.partner, m.created_at, m.accepted_at, m.disabled_at, p.login,
    cast(case when p.password is null then 0 else 1 end as bigint),
    cast(case when p.totp_confirmed_at is null then 0 else 1 end as bigint),
    p.disabled_at
from membership m join person p on p.id = m.person where m.tenant = $1 order by p.login
