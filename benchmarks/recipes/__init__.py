"""The five published set-ups beside plain Keras: docs/recipes.md."""
