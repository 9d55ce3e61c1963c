select count(*) from sqlite_schema where name = 'sqlite_stat1'
