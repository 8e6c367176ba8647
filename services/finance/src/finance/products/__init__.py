"""贷款产品: limits, terms, rates and who may have them, all of it policy data (§15 §21 §22)."""
