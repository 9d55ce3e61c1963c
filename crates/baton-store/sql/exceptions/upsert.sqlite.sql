insert into exception (tenant, id, cluster, object, code, severity, state, opened_at, closed_at, liable, partner, summary, expectation)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
on conflict (tenant, id) do update set cluster = excluded.cluster, object = excluded.object, code = excluded.code, severity = excluded.severity, state = excluded.state, opened_at = excluded.opened_at, closed_at = excluded.closed_at, liable = excluded.liable, partner = excluded.partner, summary = excluded.summary, expectation = excluded.expectation
