"""Income 收入: survey and official figures, and the ledger of what departments paid."""
