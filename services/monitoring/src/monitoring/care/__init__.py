"""Seeing alerts through: acknowledged, judged, put off, handed up; how right the rules are, what comes first."""
