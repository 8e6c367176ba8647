"""Policy of finance: terms of products, loan prime rates, buckets, targets, donated cover; no row means unknown."""
