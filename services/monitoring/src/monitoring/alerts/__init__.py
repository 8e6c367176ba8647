"""Alerts: one open alert per household and rule, raised, escalated, closed after its dwell or retracted."""
