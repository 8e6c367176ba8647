"""Teams 六位一体: the six who pull together in a village, and the households nobody helps yet."""
