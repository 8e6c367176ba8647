"""The HTTP root: `uvicorn --factory employment.app:create`."""

from fastapi import FastAPI

from kit.web import create_app

from .policy import router as policy
from .posts.api import router as posts
from .requests.api import router as requests
from .settings import Settings
from .subsidies.api import router as subsidies
from .workers.api import router as workers
from .zero_employment.api import router as zero_employment

ROUTERS = (workers, zero_employment, subsidies, posts, requests, policy)


def create(settings: Settings | None = None) -> FastAPI:
    """The API of this process."""
    return create_app(settings=settings or Settings(), title="employment 稳岗就业", routers=ROUTERS)
