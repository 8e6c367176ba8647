"""Events of the procurement service."""

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from .base import Event, Money, Service


class CancelCause(StrEnum):
    """取消原因"""

    BUYER = "buyer"
    """采购方取消"""
    SUPPLIER = "supplier"
    """供货方取消"""
    QUALITY = "quality"
    """质量不合格"""
    DISASTER = "disaster"
    """受灾"""


class _Procurement(Event):
    SERVICE: ClassVar[Service] = "procurement"


class OrderCancelled(_Procurement):
    """订单取消: the part of a cancelled order that this household would have delivered, one event each; yuan."""

    order_id: UUID
    cancelled_on: date
    amount: Money
    cause: CancelCause
