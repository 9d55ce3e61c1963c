select m.tenant, m.person, m.name, m.role, m.partner, m.created_at, m.accepted_at, m.disabled_at from membership m where m.person = $1 order by m.tenant
