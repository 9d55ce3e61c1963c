select count(*) from quarantine where tenant = $1 and state = 'open'
