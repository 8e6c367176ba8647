"""Steady wages."""
