"""Conditions 两不愁三保障 and rigid expenses 刚性支出 of a household."""
