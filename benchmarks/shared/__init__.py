"""What the measurements share: children, data, the machine, results and Markdown."""
