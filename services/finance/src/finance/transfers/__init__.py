"""Public payments 转移支付: owed, batched, released by a second person, paid, reconciled to the cent (§24)."""
