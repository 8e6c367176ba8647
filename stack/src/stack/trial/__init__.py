"""A trial: an invented city whose troubles are known, its reports as late and wrong as real ones, and who sees them."""
