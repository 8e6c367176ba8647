"""Preference list 倾斜支持名单: entities that pull well by a published rule, entered and left by date (§16)."""
