"""The HTTP root: `uvicorn --factory finance.app:create`."""

from fastapi import FastAPI

from kit.web import create_app

from .loans.api import router as loans
from .settings import Settings

ROUTERS = (loans,)


def create(settings: Settings | None = None) -> FastAPI:
    """The API of this process."""
    return create_app(settings=settings or Settings(), title="finance 金融与资金", routers=ROUTERS)
