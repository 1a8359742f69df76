"""
How do I run a model where there is no TensorFlow?
==================================================

``to_onnx`` writes a pipeline as one ONNX file. ONNX Runtime asks it from Python, C#,
JavaScript and others, with nothing of this package installed.
"""

# %%
# Write it
# --------
# ``PixelScaler`` is part of the file: bytes go in, labels and probabilities come out.

import tempfile
import timeit
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import onnxruntime
from sklearn.pipeline import make_pipeline

from skfashion import (
    CLASS_NAMES,
    FashionMLPClassifier,
    PixelScaler,
    load_fashion_sample,
    to_onnx,
)

X, y = load_fashion_sample(return_X_y=True)
X_test, y_test = load_fashion_sample(subset="test", return_X_y=True)
pipe = make_pipeline(PixelScaler(), FashionMLPClassifier(random_state=0)).fit(X, y)
with tempfile.TemporaryDirectory() as folder:
    path = Path(folder, "clothes.onnx")
    to_onnx(pipe, path)
    print(f"{path.stat().st_size:,} bytes")
    session = onnxruntime.InferenceSession(path)

# %%
# Ask it
# ------

labels, probabilities = session.run(None, {"pixels": X_test})
expected = pipe.predict_proba(X_test)
print("same labels:", bool((labels == pipe.predict(X_test)).all()))
print(f"largest difference: {np.abs(probabilities - expected).max():.0e}")
one = {"pixels": X_test[:1]}
seconds = min(timeit.repeat(lambda: session.run(None, one), number=100)) / 100
print(f"one image takes {1e6 * seconds:.0f} µs")

# %%
# The two side by side
# --------------------
# For the test image of which the network is least sure.

doubtful = expected.max(axis=1).argmin()
fig, (left, right) = plt.subplots(
    1, 2, figsize=(8, 3.4), width_ratios=(1, 2), layout="constrained"
)
left.imshow(X_test[doubtful].reshape(28, 28), cmap="gray")
left.set(title=CLASS_NAMES[y_test[doubtful]], xticks=[], yticks=[])
places = np.arange(10)
right.barh(places - 0.2, 100 * expected[doubtful], 0.4, label="in Python")
right.barh(places + 0.2, 100 * probabilities[doubtful], 0.4, label="ONNX Runtime")
right.set_yticks(places, CLASS_NAMES)
right.invert_yaxis()
right.set(xlabel="probability (%)")
right.legend()
plt.show()
