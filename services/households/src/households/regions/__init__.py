"""Regions 区划, the staff who answer for them, and the platform's business date."""
