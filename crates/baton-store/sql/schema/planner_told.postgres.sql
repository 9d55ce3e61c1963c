select 1 -- PostgreSQL gathers by itself
