"""Shares for the neediest 帮扶股 (§9): a part of a collective's income, or a donation, set apart for chosen households."""
