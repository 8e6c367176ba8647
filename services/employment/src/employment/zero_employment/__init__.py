"""Zero employment 零就业家庭动态清零: who is registered unemployed, and families in which everybody able to work is."""
