"""The list of modes of interest links, which the city edits; links that are made of one out of use stay."""

from typing import Final

from directory.code_list import CodeList

from ..queries import Mode
from ..rules import ModeKnown, ModesOfTheCity, ModeUnknown
from ..tables import interest_modes

MODES: Final = CodeList(
    table=interest_modes, item=Mode, of_the_city=ModesOfTheCity, known=ModeKnown, unknown=ModeUnknown
)
