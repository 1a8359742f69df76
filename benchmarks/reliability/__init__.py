"""What happens when things go wrong, and in long use: docs/reliability.md."""
