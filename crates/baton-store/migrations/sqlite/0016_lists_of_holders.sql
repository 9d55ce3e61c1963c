-- What one partner holds, in the order of its changes: without it, a list walks all orders of the tenant until
-- it has found enough of that partner's.
create index orders_by_holder_update on orders(tenant, holder, updated_at);
