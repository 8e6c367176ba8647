"""Policy: effective-dated lines, thresholds and dwell days; no row for a date means unknown."""
