"""Time and memory beside other libraries: docs/benchmarks.md."""
