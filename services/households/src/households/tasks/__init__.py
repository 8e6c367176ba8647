"""The plan itself 方案任务: tasks, their projects and lists, progress, what is overdue, reports (G1 G7)."""
