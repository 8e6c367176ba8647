"""Publicity 宣传引导: what is explained in which village to how many; households that agreed to be examples (G6)."""
