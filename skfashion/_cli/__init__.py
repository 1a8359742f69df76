"""The commands of ``skfashion``, one a file, and what they share."""
