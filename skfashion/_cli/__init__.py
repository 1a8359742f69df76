"""The commands of ``python -m skfashion``, one a file."""
