-- As a list of ids, which are few: `or` would look at every cluster.
update cluster set merged_into = $3
where tenant = $1 and id in (
    select id from cluster where tenant = $1 and merged_into = $2
    union all
    select cast($2 as bigint)
)
