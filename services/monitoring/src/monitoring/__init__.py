"""Sees it, says it, sees it through."""
