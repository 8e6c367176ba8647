"""What a service refuses, in Chinese and English, with the way out. Pure: no HTTP, no framework.

Refusal
├── Unauthenticated       401  no valid token
├── Forbidden             403  a right is missing
├── NotFound              404  not there, or outside one's scope
├── Conflict              409  contradicts what is there
├── PreconditionFailed    412  changed by somebody else meanwhile
├── TooLarge              413  more than one request may carry
├── Invalid               422  malformed or impossible input
├── PreconditionRequired  428  a change without If-Match
├── TooMany               429  too many requests
└── Unavailable           503  a part is away, try again
"""

from collections.abc import Sequence
from typing import Any, ClassVar


class Refusal(Exception):
    """拒绝: says what is wrong, where, and what to do about it.

    A service subclasses one of the kinds beside its rules and sets the class attributes, or gives them when raising.
    No text may carry the rejected value.

    Attributes:
        code: stable name of the reason, kebab-case.
        zh, en: what is wrong.
        fix_zh, fix_en: what to do.
        pointer: `/person/id_number` in the body, else `query:page_size`, `path:id`, `header:If-Match`.
        retry_after: seconds after which trying again makes sense.
    """

    status: ClassVar[int]
    title_zh: ClassVar[str]
    title_en: ClassVar[str]

    code: str = "refused"
    zh: str = ""
    en: str = ""
    fix_zh: str = ""
    fix_en: str = ""
    pointer: str | None = None
    retry_after: int | None = None

    def __init__(
        self,
        *,
        code: str | None = None,
        zh: str | None = None,
        en: str | None = None,
        fix_zh: str | None = None,
        fix_en: str | None = None,
        pointer: str | None = None,
        retry_after: int | None = None,
        several: "Sequence[Refusal]" = (),
    ):
        texts = {"code": code, "zh": zh, "en": en, "fix_zh": fix_zh, "fix_en": fix_en}
        given = {**texts, "pointer": pointer, "retry_after": retry_after}
        for name, value in given.items():
            if value is not None:
                setattr(self, name, value)
        self.several = tuple(several)
        super().__init__(self.code)

    def __reduce__(self) -> tuple[Any, ...]:
        """Refusals cross processes; the default would call `__init__` with the code alone."""
        return _again, (type(self), self.__dict__)


class Unauthenticated(Refusal):
    """未登录: no token, or one that does not hold."""

    status = 401
    code = "unauthenticated"
    title_zh, title_en = "未通过身份验证", "Not authenticated"
    zh, en = "请求没有有效的访问令牌", "the request carries no valid access token"
    fix_zh, fix_en = "请重新获取访问令牌后再试", "get a new access token and try again"


class Forbidden(Refusal):
    """无权限: known, but not allowed."""

    status = 403
    code = "forbidden"
    title_zh, title_en = "没有权限", "Not allowed"
    zh, en = "当前账号没有执行此操作的权限", "this account may not do that"
    fix_zh, fix_en = "请向管理员申请相应权限", "ask an administrator for the right"


class NotFound(Refusal):
    """不存在: also the answer for what lies outside one's scope."""

    status = 404
    code = "not-found"
    title_zh, title_en = "未找到", "Not found"
    zh, en = "请求的对象不存在，或不在您的管理范围内", "it does not exist or lies outside your area"
    fix_zh, fix_en = "请核对编号和管理范围", "check the id and your area"


class Conflict(Refusal):
    """冲突: contradicts the state of things."""

    status = 409
    code = "conflict"
    title_zh, title_en = "与现有数据冲突", "Conflict"
    zh, en = "请求与已有的数据矛盾", "the request contradicts what is recorded"
    fix_zh, fix_en = "请查看最新数据后再提交", "look at the current data, then send again"


class PreconditionFailed(Refusal):
    """版本不符: somebody else changed it meanwhile."""

    status = 412
    code = "version-changed"
    title_zh, title_en = "数据已被修改", "Changed meanwhile"
    zh, en = "您读取之后，该数据已被他人修改", "it was changed after you read it"
    fix_zh, fix_en = "请重新读取，核对后再提交", "read it again, check, then send again"


class TooLarge(Refusal):
    """过大: more than one request may carry."""

    status = 413
    code = "too-large"
    title_zh, title_en = "内容过大", "Too large"
    zh, en = "提交的内容超过单次请求的上限", "the request is larger than one request may be"
    fix_zh, fix_en = "请拆分后分批提交", "split it and send the parts"


class Invalid(Refusal):
    """不合法: malformed or impossible input."""

    status = 422
    code = "invalid"
    title_zh, title_en = "提交的内容不符合要求", "Invalid request"
    zh, en = "提交的内容有误", "the request is not acceptable"
    fix_zh, fix_en = "请按提示修改后重新提交", "correct what is named and send again"


class PreconditionRequired(Refusal):
    """缺少版本: a change must say which version it changes."""

    status = 428
    code = "if-match-required"
    title_zh, title_en = "缺少版本信息", "Version required"
    zh, en = "修改数据时必须带上 If-Match 请求头", "a change needs the If-Match header"
    fix_zh, fix_en = "请先读取数据，再用返回的 ETag 作为 If-Match", "read it first and send its ETag as If-Match"
    pointer = "header:If-Match"


class TooMany(Refusal):
    """过于频繁: more requests than agreed."""

    status = 429
    code = "too-many-requests"
    title_zh, title_en = "请求过于频繁", "Too many requests"
    zh, en = "短时间内请求过多", "too many requests in a short time"
    fix_zh, fix_en = "请稍后再试", "wait a little"
    retry_after = 10


class Unavailable(Refusal):
    """暂不可用: a part the answer needs is away; nothing was lost."""

    status = 503
    code = "unavailable"
    title_zh, title_en = "服务暂时不可用", "Temporarily unavailable"
    zh, en = "所依赖的组件暂时不可用", "a part that is needed is away"
    fix_zh, fix_en = "请稍后用同一 Idempotency-Key 重试", "try again shortly with the same Idempotency-Key"
    retry_after = 5


def _again(kind: type[Refusal], told: dict[str, Any]) -> Refusal:
    refusal = kind.__new__(kind)  # subclasses take arguments of their own
    refusal.__dict__.update(told)
    return refusal
