"""The HTTP root of the test service, as a process starts it."""

from fastapi import FastAPI
from notes import router

from kit.settings import ServiceSettings
from kit.web import create_app


def create() -> FastAPI:
    return create_app(settings=ServiceSettings(service="kittest"), title="kit test", routers=[router])
