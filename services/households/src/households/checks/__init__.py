"""查验: integrity rules, what they find (疑点), what was verified as correct (免查)."""
