"""What other services' facts mean for buyers."""

from directory.areas import moving_with_regions

from .tables import buyers, reserves

on_region_moved = moving_with_regions(buyers, reserves)
