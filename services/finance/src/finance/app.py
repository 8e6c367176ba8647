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
from .transfers.api import audited as payment_files
from .transfers.api import router as transfers

ROUTERS = (
    products, policy, credit, loans, missed, transfers, payment_files, aid, insurance, requests,
)  # fmt: skip


def create(settings: Settings | None = None) -> FastAPI:
    """The API of this process."""
    return create_app(settings=settings or Settings(), title="finance 金融与资金", routers=ROUTERS)
