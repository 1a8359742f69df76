"""
How do I save a model, and trust what I load?
=============================================

``save`` writes a file of plain data that is checked when it is read: a stranger's can
be loaded too. ``joblib`` works as with any estimator, for files that you made yourself.
"""

# %%
# Save and load
# -------------
# ``class_names`` go along, so that whoever loads the file knows what the numbers mean.

import tempfile
from pathlib import Path

import joblib
import matplotlib.pyplot as plt
from sklearn.pipeline import make_pipeline

from skfashion import (
    CLASS_NAMES,
    FashionMLPClassifier,
    PixelScaler,
    compare_models,
    load,
    load_fashion_sample,
    save,
)
from skfashion.displays import PredictionGridDisplay
from skfashion.exceptions import ModelFileError

X, y = load_fashion_sample(return_X_y=True)
X_test, y_test = load_fashion_sample(subset="test", return_X_y=True)
pipe = make_pipeline(PixelScaler(), FashionMLPClassifier(random_state=0)).fit(X, y)

place = tempfile.TemporaryDirectory()
path = Path(place.name, "clothes.skfashion")
save(pipe, path, class_names=CLASS_NAMES)
loaded = load(path)
print(f"{path.stat().st_size:,} bytes")

# %%
# Check
# -----
# The same predictions to the last bit, and the same weights layer by layer.

same = loaded.predict_proba(X_test) == pipe.predict_proba(X_test)
print("same bits:", bool(same.all()))
print(compare_models(pipe, loaded).attrs["verdict"])
PredictionGridDisplay.from_estimator(
    loaded, X_test, y_test, class_names=loaded[-1].class_names_, n_images=10
)
plt.show()

# %%
# A damaged file is refused
# -------------------------

content = bytearray(path.read_bytes())
content[len(content) // 2] ^= 1
path.write_bytes(content)
try:
    load(path)
except ModelFileError as error:
    print("refused:", str(error).replace(place.name, "..."))

# %%
# By joblib
# ---------
# It keeps any pipeline. Loading such a file runs code that the file names, so load only
# your own.

joblib.dump(pipe, Path(place.name, "clothes.joblib"))
again = joblib.load(Path(place.name, "clothes.joblib"))
print("same bits:", bool((again.predict_proba(X) == pipe.predict_proba(X)).all()))
place.cleanup()
