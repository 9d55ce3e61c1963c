select tenant, host, content, logo_type, changed_at from brand where host = $1
