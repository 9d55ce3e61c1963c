select id, login, password, totp_secret, totp_confirmed_at, totp_step, locale, created_at, disabled_at from person where id = $1
