select issuer from identity where person = $1 order by issuer
