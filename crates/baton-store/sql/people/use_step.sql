update person set totp_step = $2 where id = $1 and (totp_step is null or totp_step < $2)
