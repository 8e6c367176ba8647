"""Profile: the set of facts of each household, folded into its picture, its risk level and what follows from it."""
