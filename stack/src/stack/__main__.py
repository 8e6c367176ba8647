"""`python -m stack` is the `zengshou` command."""

from .cli import main

main()
