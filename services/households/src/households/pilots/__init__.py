"""Asset pilots 资产运营管理试点: villages whose assets a cooperative or committee runs, and how many must (§19)."""
