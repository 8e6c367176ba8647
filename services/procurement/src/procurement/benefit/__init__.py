"""农户收益: a payment parts into what each household was paid for its goods, to the cent; refunds revise it (§3)."""
