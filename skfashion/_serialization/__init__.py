"""Values as JSON, arrays as bytes, both in one file."""
