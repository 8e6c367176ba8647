"""贷款: applied, approved, disbursed, repaid by a schedule, overdue by the business date, settled (§15 §21 §22)."""
