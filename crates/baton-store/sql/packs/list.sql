select name, version, digest, stored_at from pack where tenant = $1 order by name, stored_at, version
