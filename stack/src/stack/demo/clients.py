"""The departments that act in the story, by their development clients."""

from typing import Final

CITY: Final = "city-rural"
REVIEW: Final = "city-policy"
EMPLOYMENT: Final = "city-employment"
BANK: Final = "city-finance"
BUYER: Final = "city-procurement"
