select message, clusters from whereabouts where tenant = $1 and message between $2 and $3
