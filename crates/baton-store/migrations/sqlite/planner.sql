-- What the planner is to believe of every index: tables are long, a tenant is most of them, and each further
-- column narrows a thousandfold. Without it, it takes a tenant for ten rows and reads all of its rows. Not
-- gathered from the rows, so that the plans are the same on every machine and at every size.
analyze sqlite_schema;
delete from sqlite_stat1;
insert into sqlite_stat1 (tbl, idx, stat)
with part (tbl, idx, is_unique, length, place, width) as (
    select t.name, iif(i.origin = 'pk' and t.sql like '%without rowid%', t.name, i.name), i."unique",
        iif(i.partial, 10000, 1000000), c.seqno + 1, count(*) over (partition by t.name, i.name)
    from sqlite_schema t
    join pragma_index_list(t.name) i
    join pragma_index_info(i.name) c
    where t.type = 'table' and t.name not like 'sqlite_%'
)
select tbl, idx, length || ' ' || group_concat(rows_each, ' ')
from (
    select tbl, idx, length,
        case
            when is_unique and place = width then 1
            when place = 1 then length
            when place = 2 then max(1, length / 1000)
            else 1
        end as rows_each
    from part
    order by tbl, idx, place
)
group by tbl, idx, length;
analyze sqlite_schema;
