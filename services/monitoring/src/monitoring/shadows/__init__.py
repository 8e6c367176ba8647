"""影子值和影子规则: policy values and candidate rules, watched daily beside what is in force; they decide nothing."""
