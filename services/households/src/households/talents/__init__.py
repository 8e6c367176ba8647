"""Talents 实用型人才: who was trained or certified for what, in a list of kinds that the city edits (§17)."""
