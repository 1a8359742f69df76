"""The small sample of Fashion-MNIST that travels inside the package."""
