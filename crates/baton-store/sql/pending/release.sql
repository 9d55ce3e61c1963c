update pending set claimed_by = null, claimed_until = null where tenant = $1 and claimed_by = $2
