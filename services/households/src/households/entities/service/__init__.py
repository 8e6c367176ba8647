"""Use cases of market entities, their links and what they pay; none of them commits."""

from ..queries import (
    Benefit,
    Entity,
    Link,
    Mode,
    Pull,
    benefits_of,
    entities_by_id,
    entities_found,
    entities_page,
    links_of,
    links_page,
    pulling,
)
from .benefits import BenefitLine, correct_benefit, get_benefit, pay_benefits, void_benefit
from .links import LinkEntry, end_link, get_link, sign_links, void_link
from .mode_list import MODES
from .registry import EntityEntry, change_entity, close_entity, get_entity, register_entity

__all__ = [
    "MODES",
    "Benefit",
    "BenefitLine",
    "Entity",
    "EntityEntry",
    "Link",
    "LinkEntry",
    "Mode",
    "Pull",
    "benefits_of",
    "change_entity",
    "close_entity",
    "correct_benefit",
    "end_link",
    "entities_by_id",
    "entities_found",
    "entities_page",
    "get_benefit",
    "get_entity",
    "get_link",
    "links_of",
    "links_page",
    "pay_benefits",
    "pulling",
    "register_entity",
    "sign_links",
    "void_benefit",
    "void_link",
]
