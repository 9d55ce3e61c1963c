update source set name = $3, connector = $4, settings = $5, silent_after = $6, disabled_at = $7, networks = $8
where tenant = $1 and id = $2
