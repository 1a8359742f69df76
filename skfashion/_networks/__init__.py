"""Networks: hyper-parameters, and what they become."""
