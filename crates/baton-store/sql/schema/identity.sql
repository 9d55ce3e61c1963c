select value from setting where tenant = 0 and key = 'identity'
