select change, at from look where tenant = $1 and who = $2
