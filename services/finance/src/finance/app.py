"""The HTTP root: `uvicorn --factory finance.app:create`."""

from fastapi import FastAPI

from kit.web import create_app

from .aid.api import router as aid
from .credit.api import router as credit
from .insurance.api import router as insurance
from .loans.api import router as loans
from .missed.api import router as missed
from .policy.api import router as policy
from .products.api import router as products
from .requests.api import router as requests
from .settings import Settings

ROUTERS = (products, policy, credit, loans, missed, aid, insurance, requests)


def create(settings: Settings | None = None) -> FastAPI:
    """The API of this process."""
    return create_app(settings=settings or Settings(), title="finance 金融与资金", routers=ROUTERS)
