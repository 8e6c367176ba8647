"""Village collectives 村集体资产: shares, income, idle assets, and their distribution to households (§8 §9 §19 §20)."""
