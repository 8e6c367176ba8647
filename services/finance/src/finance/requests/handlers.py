"""Requests that monitoring sends, and where their households are."""

from directory.requests import handlers

from .service import DESK

HANDLERS = handlers(DESK)
