"""A profile kept from the last fold: until its next change it stands for the facts it came from."""

from datetime import date

from msgspec import Struct

from ...risk.rules import Profile


class Kept(Struct, frozen=True):
    """留存画像: what the facts of a household came to on its `first` day, good until the profile's `next_change`."""

    profile: Profile
    first: date

    @property
    def left_behind(self) -> None:
        """A household that was merged into another one has no profile, so none is kept of it."""
        return

    def at(self, on: date) -> Profile:
        """The profile on a day for which it is good.

        Raises:
            ValueError: any other day.
        """
        if not self.first <= on < self.profile.next_change:
            raise ValueError(f"kept from {self.first} until {self.profile.next_change}, asked about {on}")
        return self.profile
