"""Market entities 市场主体: who they are, the households linked to them, what they pay under a link (§5 §7 §16)."""
