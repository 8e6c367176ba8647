"""An invented city in the national layout: households over Kunming's real villages, and the truth about each."""
