update person set totp_secret = $2, totp_confirmed_at = $3, totp_step = null where id = $1
