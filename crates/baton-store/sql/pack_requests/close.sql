update pack_request set state = $3, closed_at = $4, closed_by = $5, activation = $6
where tenant = $1 and id = $2 and state = 'open'
