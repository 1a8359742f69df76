"""Checks, labels, files, processes and Ctrl-C: no Keras, no estimators."""
