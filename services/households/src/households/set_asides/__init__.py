"""帮扶股 (§9): a part of a collective's income, or a donation, set apart as shares for the neediest households."""
