"""Regions 区划 and the platform's business date."""
