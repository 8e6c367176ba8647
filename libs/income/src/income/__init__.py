"""The one pure formula of 人均纯收入 and the precedence of its sources.

Start at `windows`: `rolling`, `official`, `quarterly` and `projected` take one household's `Facts` and
give its `Income`.
"""
