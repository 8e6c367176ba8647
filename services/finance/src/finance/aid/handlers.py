"""What other services' facts mean for aid."""

from directory.facts import moving_with_households

from .tables import aid_applications

on_household_moved = moving_with_households(aid_applications)
