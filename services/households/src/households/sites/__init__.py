"""Relocation sites 易地扶贫搬迁安置区: where they are, and which households live there from when to when (§13 §18)."""
