"""Help that monitoring asks of a department (帮扶请求), the same in every service that can be asked.

A service says what it can be asked for and which of its facts answer that (`Desk`), and mounts `requests_router` and
`handlers`. Whatever writes such facts calls `settle` with their households: what is open is answered in the same
transaction, and what rests on a fact that was taken back is open again. A request of a household that has not arrived
yet waits: nobody can act on it, and it goes on once the household and its facts are here.
"""

from .api import requests_router
from .handlers import handlers
from .rules import Given
from .service import Desk, settle
from .storage import create_requests_v1, requests_table

__all__ = ["Desk", "Given", "create_requests_v1", "handlers", "requests_router", "requests_table", "settle"]
