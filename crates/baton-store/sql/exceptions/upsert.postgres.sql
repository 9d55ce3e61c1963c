insert into exception (tenant, id, cluster, object, code, severity, state, opened_at, closed_at, liable, partner, summary, expectation)
select tenant, id, cluster, object, code, severity, state, opened_at, closed_at, liable, partner, summary, expectation
from unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::bigint[], $9::bigint[], $10::text[], $11::text[], $12::text[], $13::text[])
    as new (tenant, id, cluster, object, code, severity, state, opened_at, closed_at, liable, partner, summary, expectation)
on conflict (tenant, id) do update set cluster = excluded.cluster, object = excluded.object, code = excluded.code, severity = excluded.severity, state = excluded.state, opened_at = excluded.opened_at, closed_at = excluded.closed_at, liable = excluded.liable, partner = excluded.partner, summary = excluded.summary, expectation = excluded.expectation
