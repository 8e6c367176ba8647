"""What-if: other policy values on what is known, before anybody releases them."""
