"""What is measured of the package, and the pages that the results are written to."""
