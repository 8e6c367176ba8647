"""The HTTP root: `uvicorn --factory employment.app:create`."""

from fastapi import FastAPI

from kit.web import create_app

from .policy import router as policy
from .settings import Settings
from .workers.api import router as workers

ROUTERS = (workers, policy)


def create(settings: Settings | None = None) -> FastAPI:
    """The API of this process."""
    return create_app(settings=settings or Settings(), title="employment 稳岗就业", routers=ROUTERS)
