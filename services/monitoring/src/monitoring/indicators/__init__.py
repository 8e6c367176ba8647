"""Indicators 指标: counts and sums by area and month, kept by differences; assessment and reports made of them."""
