select whereabouts.message, whereabouts.clusters
from unnest($1::bigint[], $2::bigint[], $3::bigint[]) as wanted (tenant, first, last)
join whereabouts on whereabouts.tenant = wanted.tenant
    and whereabouts.message between wanted.first and wanted.last
