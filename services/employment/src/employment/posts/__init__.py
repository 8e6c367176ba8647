"""Rural public-welfare posts 乡村公益性岗位: budgeted places of a village, one per person, yearly contracts (§18)."""
