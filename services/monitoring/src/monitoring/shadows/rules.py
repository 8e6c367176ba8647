"""What is refused about a shadow.

ShadowUnknown (404)
ShadowOver (409)      it was stopped already
TooManyShadows (409)  so many run already that a day might not be enough for all of them
"""

from typing import Final

from kit.errors import Conflict, NotFound

MOST: Final = 10
"""Shadows that run at a time."""


class ShadowUnknown(NotFound):
    """影子值不存在."""

    code = "shadow-unknown"
    zh, en = "没有这组影子值，或不在您的管理范围内", "no such shadow, or it lies outside your area"


class ShadowOver(Conflict):
    """影子值已停止."""

    code = "shadow-over"
    zh, en = "该影子值已停止", "the shadow was stopped already"
    fix_zh, fix_en = "如需继续观察，请新建", "start a new one"


class TooManyShadows(Conflict):
    """影子值过多."""

    code = "too-many-shadows"
    zh, en = f"同时观察的影子值不能超过 {MOST} 组", f"no more than {MOST} shadows run at a time"
    fix_zh, fix_en = "请先停止不再需要的", "stop one that is needed no more"
