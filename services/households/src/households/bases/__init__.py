"""Demonstration bases 示范基地 and villages: who owns them, how they are recognised, whom they pull along (§6)."""
