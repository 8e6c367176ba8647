"""农户意愿: what a household agreed to, refused or took back, and the plan agreed with it."""
