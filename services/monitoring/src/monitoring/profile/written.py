"""A profile as text, and back."""

from hashlib import md5
from pathlib import Path
from types import ModuleType
from typing import Final

from pydantic import TypeAdapter

import income

from ..risk import rules as risk
from ..risk.rules import Profile
from . import rules

_PROFILE: Final = TypeAdapter(Profile)


def _form(*packages: ModuleType) -> str:
    code = [file for package in packages for place in package.__path__ for file in sorted(Path(place).rglob("*.py"))]
    return md5(b"".join(file.read_bytes() for file in code), usedforsecurity=False).hexdigest()


FORM: Final = _form(rules, risk, income)
"""The code that folds facts into a profile: what another version of it kept is not read."""


def profile_of(kept: str) -> Profile:
    """The profile as it was when it was kept."""
    return _PROFILE.validate_json(kept)


def as_kept(profile: Profile) -> str:
    """The profile as a row keeps it."""
    return _PROFILE.dump_json(profile).decode()
