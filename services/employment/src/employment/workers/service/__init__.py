"""Use cases of spells and wages; none of them commits."""

from ..queries import missed_page, spells_page, wages_page
from ..rules import MissedWage, Spell, Wage
from .matching import match_facts
from .missed import find_missed_wages
from .outcomes import Outcome, Status
from .sheet_checking import Candidate, candidates, preview_sheet, problem_workbook
from .sheets import SheetPart, take_sheet
from .spells import (
    SpellReport,
    correct_spell,
    end_spell,
    get_spell,
    reopen_spell,
    report_spells,
    void_spell,
)
from .wages import WageReport, correct_wage, get_wage, report_wages, void_wage

__all__ = [
    "Candidate",
    "MissedWage",
    "Outcome",
    "SheetPart",
    "Spell",
    "SpellReport",
    "Status",
    "Wage",
    "WageReport",
    "candidates",
    "correct_spell",
    "correct_wage",
    "end_spell",
    "find_missed_wages",
    "get_spell",
    "get_wage",
    "match_facts",
    "missed_page",
    "preview_sheet",
    "problem_workbook",
    "reopen_spell",
    "report_spells",
    "report_wages",
    "spells_page",
    "take_sheet",
    "void_spell",
    "void_wage",
    "wages_page",
]
