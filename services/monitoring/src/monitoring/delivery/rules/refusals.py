"""What is refused about delivery.

TargetUnknown (404)
DeliveryUnknown (404)
OwnerIncomplete (422)      an officer without account, a helper without organisation, or the one with the other's
TargetOutOfArea (403)      alerts of an area that is not one's own
AddressMalformed (422)     no address of this channel
AddressPlain (422)         without TLS where the operator does not allow it
HostNotAllowed (422)       not on the operator's list of hosts and networks
SecretMalformed (422)      a signing secret that is none
NoSecret (409)             messages are not signed
TargetDisabled (409)       nothing is sent to a target that is switched off
"""

from kit.errors import Conflict, Forbidden, Invalid, NotFound


class TargetUnknown(NotFound):
    """推送目标不存在."""

    code = "delivery-target-unknown"
    zh, en = "没有这个推送目标，或不在您的管理范围内", "no such target, or it lies outside your area"


class DeliveryUnknown(NotFound):
    """推送记录不存在."""

    code = "delivery-unknown"
    zh, en = "没有这条推送记录，或不在您的管理范围内", "no such delivery, or it lies outside your area"


class OwnerIncomplete(Invalid):
    """归属要素不符."""

    code = "delivery-owner-incomplete"
    zh, en = (
        "责任人须填账号，帮扶单位须填单位名称，部门两项均不填",
        "an officer needs an account, a helper an organisation, a department neither",
    )
    fix_zh, fix_en = "请按归属类型补充或删去相应字段", "give or leave out the fields of this owner"
    pointer = "/owner"


class TargetOutOfArea(Forbidden):
    """超出管理范围."""

    code = "delivery-out-of-area"
    zh, en = "只能推送本辖区的预警", "alerts of your own area only can be sent"
    fix_zh, fix_en = "请选择您管理范围内的区划", "choose a region within your area"
    pointer = "/path"


class AddressMalformed(Invalid):
    """地址有误: it is not quoted, as it may hold a secret."""

    code = "delivery-address-malformed"
    zh, en = "推送地址不符合该渠道的格式", "this is no address of the channel"
    fix_zh, fix_en = (
        "webhook 请填不含用户名的 https 地址；消息渠道支持 mailto(s)、wecombot、dingtalk、feishu、lark",
        "webhook: an https address without user name; messages: mailto(s), wecombot, dingtalk, feishu, lark",
    )
    pointer = "/url"


class AddressPlain(Invalid):
    """未加密."""

    code = "delivery-address-plain"
    zh, en = "推送地址须使用 TLS 加密", "the address must use TLS"
    fix_zh, fix_en = (
        "请改用 https 或 mailtos；内网明文地址须由运维在许可名单中以 http:// 列出",
        "use https or mailtos; an operator can list a host of the intranet with http:// to allow it",
    )
    pointer = "/url"


class HostNotAllowed(Invalid):
    """目标主机不在许可名单."""

    code = "delivery-host-not-allowed"
    zh, en = "目标主机不在运维设定的许可名单内", "the host is not on the operator's list"
    fix_zh, fix_en = (
        "请运维将该主机加入 ZENGSHOU_DELIVERY_ALLOWED 后重试",
        "let the operator add the host to ZENGSHOU_DELIVERY_ALLOWED, then try again",
    )
    pointer = "/url"


class SecretMalformed(Invalid):
    """签名密钥有误."""

    code = "delivery-secret-malformed"
    zh, en = "签名密钥须为 whsec_ 加 24 至 64 字节的 base64", "a secret is whsec_ and the base64 of 24 to 64 bytes"
    fix_zh, fix_en = "请不填，由平台生成", "leave it out and take the one the platform makes"
    pointer = "/secret"


class NoSecret(Conflict):
    """该渠道不签名."""

    code = "delivery-not-signed"
    zh, en = "该渠道没有签名密钥", "this channel has no signing secret"


class TargetDisabled(Conflict):
    """推送目标已停用."""

    code = "delivery-target-disabled"
    zh, en = "推送目标已停用", "the target is switched off"
    fix_zh, fix_en = "请先启用该目标", "enable the target first"
