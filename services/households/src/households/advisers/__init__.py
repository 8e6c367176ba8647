"""科技顾问: who advises which village on its trade, and which lifted villages have nobody."""
