"""How accurate set-ups are, how they were found, and where they fail."""
