"""Help asked of employment: a job, a rural public-welfare post, or the traffic subsidy."""
