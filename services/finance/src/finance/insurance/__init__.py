"""保险: 春城惠民保 (§26) and agricultural insurance (§23): policies, who pays them, claims, who is not covered."""
