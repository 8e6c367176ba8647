"""Dispatch: half-monthly, monthly and quarterly meetings: lists that make themselves, decisions, missed meetings."""
