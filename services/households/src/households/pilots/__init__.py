"""Asset pilots 资产运营管理试点: villages that run their assets by a cooperative or a committee, and how many must (§19)."""
