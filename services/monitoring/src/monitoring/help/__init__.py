"""Cause-matched help (因施策): which help of other services fits, one call that asks for it, and what became of it."""
