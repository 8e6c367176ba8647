"""The departments that act in the story, by their development clients."""

from typing import Final

CITY: Final = "city-rural"
EMPLOYMENT: Final = "city-employment"
BANK: Final = "city-finance"
BUYER: Final = "city-procurement"
