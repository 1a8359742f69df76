"""Many cores, many machines, and more data than memory holds."""
