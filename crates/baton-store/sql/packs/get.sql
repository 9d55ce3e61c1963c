select name, version, digest, stored_at, content from pack where tenant = $1 and name = $2 and version = $3
