"""The one error of this library: a file that cannot be read as a whole. What is wrong with single rows is data."""


class Unreadable(Exception):
    """文件无法读取: the whole file is refused, with the cause and the remedy in both languages.

    Attributes:
        code: stable, in kebab case.
    """

    def __init__(self, code: str, *, zh: str, en: str, fix_zh: str, fix_en: str):
        super().__init__(en)
        self.code, self.zh, self.en, self.fix_zh, self.fix_en = code, zh, en, fix_zh, fix_en


def damaged() -> Unreadable:
    """A file that is no workbook, is damaged or has a password."""
    return Unreadable(
        "not-a-workbook",
        zh="文件不是 xlsx、xls 或 CSV 表格,或已损坏、已加密",
        en="the file is not an xlsx, xls or CSV table, or is damaged or encrypted",
        fix_zh="在 Excel 中去掉密码并另存为 xlsx 后重新上传",
        fix_en="remove the password in Excel, save as xlsx and upload again",
    )


def too_large(what_zh: str, what_en: str) -> Unreadable:
    """A file beyond a limit."""
    return Unreadable(
        "too-large",
        zh=f"文件超过上限:{what_zh}",
        en=f"the file is beyond a limit: {what_en}",
        fix_zh="按乡镇拆分成多个文件分别上传；每个文件保留表头各行，同一户的各行放在同一个文件",
        fix_en="split it by township and upload the parts; keep the rows above the data, and a household in one file",
    )
