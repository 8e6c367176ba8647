"""Duty 责任: grids, the officers who answer for a village or grid, deputies, leave and hand-over."""
