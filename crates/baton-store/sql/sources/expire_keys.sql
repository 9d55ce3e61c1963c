update source_key set valid_until = $4
where tenant = $1 and source = $2 and hash <> $3 and (valid_until is null or valid_until > $4)
