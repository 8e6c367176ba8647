"""影子值: policy values that are watched every day beside those in force, and decide nothing."""
