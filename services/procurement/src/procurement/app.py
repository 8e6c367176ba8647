"""The HTTP root: `uvicorn --factory procurement.app:create`."""

from fastapi import FastAPI

from kit.web import create_app

from .benefit.api import router as benefit
from .buyers.api import router as buyers
from .compliance.api import router as compliance
from .orders.api import router as orders
from .policy import router as policy
from .requests.api import router as requests
from .settings import Settings

ROUTERS = (buyers, orders, benefit, compliance, requests, policy)


def create(settings: Settings | None = None) -> FastAPI:
    """The API of this process."""
    return create_app(settings=settings or Settings(), title="procurement 消费帮扶", routers=ROUTERS)
