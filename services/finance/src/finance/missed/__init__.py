"""逾期报送: repayments that banks report as missed, of loans that are not kept here, and their cure (§22)."""
