"""The list of kinds of talents, which the city edits; talents registered for one out of use stay."""

from typing import Final

from directory.code_list import CodeList

from ..queries import Kind
from ..rules import KindsOfTheCity, TalentKindKnown, TalentKindUnknown
from ..tables import talent_kinds

KINDS: Final = CodeList(
    table=talent_kinds, item=Kind, of_the_city=KindsOfTheCity, known=TalentKindKnown, unknown=TalentKindUnknown
)
