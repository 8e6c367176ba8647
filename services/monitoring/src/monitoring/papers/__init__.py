"""Papers of a case: the public notice and the card a household keeps, from templates, names masked."""
