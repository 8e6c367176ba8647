"""Setting policy values, the same in every service: drafted by one person, released by another.

A service names what its rules read (`Policies`) and mounts `policy_router`. The past is not rewritten: a value that was
released stays as it is, and a later one of the same name, path and first day corrects or ends it.
"""

from .api import policy_router
from .service import Policies, key_of

__all__ = ["Policies", "key_of", "policy_router"]
