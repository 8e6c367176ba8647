"""Ticks and policy changes, as they enter the received log."""

from events.catalog.households import BusinessDateAdvanced
from events.catalog.monitoring import LineChanged
from events.received import Handlers

from .service import on_business_date_advanced, on_line_changed

HANDLERS: Handlers = {
    BusinessDateAdvanced: (on_business_date_advanced,),
    LineChanged: (on_line_changed,),
}
