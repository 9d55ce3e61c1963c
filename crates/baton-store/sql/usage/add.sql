insert into usage_day (tenant, day, messages, bytes, repeats, quarantined, orders, deliveries)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (tenant, day) do update set
    messages = usage_day.messages + excluded.messages,
    bytes = usage_day.bytes + excluded.bytes,
    repeats = usage_day.repeats + excluded.repeats,
    quarantined = usage_day.quarantined + excluded.quarantined,
    orders = usage_day.orders + excluded.orders,
    deliveries = usage_day.deliveries + excluded.deliveries
