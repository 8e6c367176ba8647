"""Village rules 村规民约: what a village agreed on for weddings and funerals, and those that are held (§25)."""
