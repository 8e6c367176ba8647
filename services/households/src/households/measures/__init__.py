"""Measures 帮扶措施: what help reaches a household, against which of its risks."""
