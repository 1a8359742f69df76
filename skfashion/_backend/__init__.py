"""Keras on TensorFlow: the runtime, compiled training, prediction."""
