"""Employment subsidies 就业补贴: who is entitled and why, applications, batches approved by a second person (§14)."""
