"""反事实推算: how a household would stand on paper without what some facts brought."""
