"""Routes of help requests."""

from directory.requests import requests_router

from .service import DESK

router = requests_router(DESK, resource="employment-help")
