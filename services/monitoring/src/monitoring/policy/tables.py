"""Ticks and policy changes by their number in the received log."""

from sqlalchemy import BigInteger, Column, Date, MetaData, Table, Uuid

from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

gates = Table(
    "gates",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("business_date", Date),
    Column("policy_id", Uuid),
)
