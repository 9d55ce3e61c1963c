select person from identity where issuer = $1 and subject = $2
