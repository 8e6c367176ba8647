"""务工: job spells and monthly wages of persons, and wages that were expected and did not come (§14)."""
