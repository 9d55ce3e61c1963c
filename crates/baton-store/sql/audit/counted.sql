select value from counter where tenant = $1 and name = 'audit'
