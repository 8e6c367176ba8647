"""The table of help requests."""

from sqlalchemy import MetaData

from directory.requests import requests_table
from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

help_requests = requests_table(metadata)
