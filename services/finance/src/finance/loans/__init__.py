"""贷款: so far the repayments that banks report as missed, and their cure (§22); the life of a loan follows."""
