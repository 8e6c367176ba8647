"""Why a command ended: the exit codes that scripts may rely on, and the error that carries one."""

from enum import IntEnum


class ExitCode(IntEnum):
    """退出码: stable; a new reason gets a new number, an old number never changes its meaning."""

    OK = 0  # 成功
    FAILED = 1  # 意外错误
    USAGE = 2  # 命令用法错误
    NOT_RUNNING = 3  # 平台未运行
    ALREADY_RUNNING = 4  # 平台已在运行
    PORT_TAKEN = 5  # 端口被占用
    NOT_READY = 6  # 未能在限定时间内就绪
    POSTGRES = 7  # PostgreSQL 无法启动
    BROKER = 8  # 消息代理无法启动
    MIGRATION = 9  # 数据库迁移失败
    DEGRADED = 10  # 有进程不健康
    REFUSED = 11  # 请求被服务拒绝
    AUDIT = 12  # 审计不成立
    UNSUITABLE = 13  # 本机不满足运行条件
    INTERRUPTED = 130  # 被中断


class StackError(Exception):
    """What went wrong, for the person at the terminal, in Chinese and in English, each with its remedy."""

    def __init__(self, code: ExitCode, *, zh: str, en: str):
        super().__init__(f"{zh}\n{en}")
        self.code = code
        self.zh = zh
        self.en = en
