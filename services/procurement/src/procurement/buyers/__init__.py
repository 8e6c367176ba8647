"""采购单位: who buys with public money, and what each reserves for the produce of poor households (§3 §11)."""
