insert into order_word (tenant, word, cluster, component) values ($1, $2, $3, $4)
on conflict (tenant, word, cluster, component) do nothing
