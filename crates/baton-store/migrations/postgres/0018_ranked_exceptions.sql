-- Exceptions in the order of their ranks: points for the money at stake, and the earliest promise of an order
-- under way (the greatest number where there is none). What is closed has no rank. Of what is open it is told
-- here as well as rows can tell it; where a cluster keeps two orders apart, its next derivation tells it exactly.
alter table exception add column money bigint not null default 0;
alter table exception add column due_at bigint not null default 9223372036854775807;
update exception set
    due_at = coalesce((
        with recursive above (cluster, steps) as (
            select exception.cluster, 0
            union
            select up.parent, above.steps + 1
            from above
            join edge up on up.tenant = exception.tenant and up.child = above.cluster and up.void = 0
            where above.steps < 3
        )
        select min(o.promised_at)
        from above
        join orders o on o.tenant = exception.tenant and o.cluster = above.cluster
        where o.state not in ('delivered', 'closed', 'cancelled')
    ), 9223372036854775807),
    money = coalesce((
        with recursive above (cluster, steps) as (
            select exception.cluster, 0
            union
            select up.parent, above.steps + 1
            from above
            join edge up on up.tenant = exception.tenant and up.child = above.cluster and up.void = 0
            where above.steps < 3
        )
        select max((
            select count(*)
            from (values
                (16), (54), (106), (174), (266), (387), (550), (766),
                (1055), (1440), (1954), (2639), (3552), (4770), (6394), (8560),
                (11448), (15300), (20436), (27285), (36418), (48598), (64839), (86497),
                (115379), (153894), (205254), (273744), (365077), (486872), (649287), (865872),
                (1154692), (1539840), (2053443), (2738344), (3651675), (4869621), (6493779), (8659629)
            ) as step
            where step.column1 <= cast(o.value as double precision) * 100
        ))
        from above
        join orders o on o.tenant = exception.tenant and o.cluster = above.cluster
    ), 0)
where closed_at is null;
drop index exception_open_by_code;
create index exception_open_ranked on exception(tenant, code, (coalesce(partner, '')), severity, money, due_at, id, closed_at)
    where closed_at is null;
-- (The condition is a column of it, too, or SQLite would read the row of each entry that it counts.)
drop index exception_open;
create index exception_by_state on exception(tenant, state, opened_at, id);
