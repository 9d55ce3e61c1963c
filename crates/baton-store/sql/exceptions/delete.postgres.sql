delete from exception
using unnest($1::bigint[], $2::text[]) as gone (tenant, id)
where exception.tenant = gone.tenant and exception.id = gone.id
