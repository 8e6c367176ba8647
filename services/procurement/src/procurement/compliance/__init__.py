"""采购进度: what each unit has bought of what it reserves, and the guide for unions (§3)."""
