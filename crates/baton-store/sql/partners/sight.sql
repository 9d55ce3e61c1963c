select sees_prices, sees_names from partner where tenant = $1 and key = $2
