"""社会帮扶: charity and 防返贫 funds, what donors tied to their gifts, and what is paid to households (§27)."""
