"""Where the households of those who hold posts are."""

from directory.facts import moving_with_households

from .tables import holdings

on_household_moved = moving_with_households(holdings)
