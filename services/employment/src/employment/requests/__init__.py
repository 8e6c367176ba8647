"""Help asked of employment: a job, or a rural public-welfare post."""
