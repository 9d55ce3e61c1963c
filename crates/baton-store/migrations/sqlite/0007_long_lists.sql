-- Lists of many orders: each state has its own orders of rows, and customers are found by the words of
-- their names. Names that are known already are found by their beginning until they are written again.
drop index orders_by_update;
create index orders_by_update on orders(tenant, state, updated_at);
drop index orders_late;
create index orders_late on orders(tenant, state, late_minutes) where late_minutes > 0;
create index orders_troubled on orders(tenant, cluster, component) where exceptions_open > 0;

create table order_word (
    tenant integer not null,
    word text not null,
    cluster integer not null,
    component integer not null,
    primary key (tenant, word, cluster, component)
) strict, without rowid;
create index order_word_by_order on order_word(tenant, cluster, component);
insert into order_word (tenant, word, cluster, component)
select tenant, substr(lower(customer), 1, 40), cluster, component from orders where customer is not null;
