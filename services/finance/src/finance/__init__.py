"""Credit, insurance, money that must reach households."""
