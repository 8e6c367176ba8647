"""Importing 导入: workbooks of the national system, previewed, applied in the background, conflicts parked."""
