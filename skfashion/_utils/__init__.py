"""Checks, labels, text, files, processes and Ctrl-C: no Keras, no estimators."""
