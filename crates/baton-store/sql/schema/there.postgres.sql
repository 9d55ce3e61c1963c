select count(*) from information_schema.tables where table_schema = current_schema() and table_name = 'schema_version'
