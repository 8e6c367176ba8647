"""Support 帮扶: named helpers who answer for a household."""
