"""A profile as text, and back."""

from hashlib import md5
from typing import Final

from pydantic import TypeAdapter
from pydantic_core import to_json

from ..risk.rules import Profile

_PROFILE: Final = TypeAdapter(Profile)
FORM: Final = md5(to_json(_PROFILE.json_schema()), usedforsecurity=False).hexdigest()
"""What a profile consists of: one that another version of the platform kept is not read."""


def profile_of(kept: str) -> Profile:
    """The profile as it was when it was kept."""
    return _PROFILE.validate_json(kept)


def as_kept(profile: Profile) -> str:
    """The profile as a row keeps it."""
    return _PROFILE.dump_json(profile).decode()
