"""Policy of finance: terms of products, loan prime rates, buckets, targets; no row for a date means unknown."""
