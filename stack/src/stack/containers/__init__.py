"""The platform in containers: what one container runs, and the jobs that make secrets and databases before it."""
