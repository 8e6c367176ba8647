"""Help asked of finance: a loan of the products that are meant for these households, aid of a fund, a claim."""
