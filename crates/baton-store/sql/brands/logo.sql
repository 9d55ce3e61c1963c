select logo_type, logo from brand where tenant = $1
