"""A profile as text, and back."""

from hashlib import md5
from pathlib import Path
from types import ModuleType
from typing import Final, cast, get_type_hints

from msgspec import Raw
from msgspec.json import Decoder, Encoder

import income

from ..risk import rules as risk
from ..risk.rules import Profile
from . import rules

_WRITE: Final = Encoder()
_PROFILE: Final = Decoder(Profile)
_FIELDS: Final = {name: Decoder(kind) for name, kind in get_type_hints(Profile).items()}
_UNREAD: Final = Decoder(dict[str, Raw])


def _form(*packages: ModuleType) -> str:
    code = [file for package in packages for place in package.__path__ for file in sorted(Path(place).rglob("*.py"))]
    return md5(b"".join(file.read_bytes() for file in code), usedforsecurity=False).hexdigest()


FORM: Final = _form(rules, risk, income)
"""The code that folds facts into a profile: what another version of it kept is not read."""


def profile_of(kept: str) -> Profile:
    """The profile as it was when it was kept."""
    return _PROFILE.decode(kept)


class _Glimpse:
    """A profile of which only what is asked for is read."""

    def __init__(self, kept: str) -> None:
        self._told = _UNREAD.decode(kept)

    def __getattr__(self, name: str) -> object:
        if name.startswith("_") or name not in self._told:
            raise AttributeError(name)
        value: object = _FIELDS[name].decode(self._told[name])
        setattr(self, name, value)
        return value


def glimpse_of(kept: str) -> Profile:
    """The same for rules that read little of it."""
    return cast(Profile, _Glimpse(kept))


def as_kept(profile: Profile) -> str:
    """The profile as a row keeps it."""
    return _WRITE.encode(profile).decode()
