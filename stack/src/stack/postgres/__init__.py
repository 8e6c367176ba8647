"""Embedded PostgreSQL: finds the programs, makes and runs a cluster, provisions a database per service."""

from .binaries import find_pg_bin
from .cluster import Cluster
from .databases import Dsns, Postgres

__all__ = ["Cluster", "Dsns", "Postgres", "find_pg_bin"]
