"""
How do I make one page of my results?
=====================================

``skfashion.report`` writes tables and figures as one HTML file that needs no other file
and no network, light and dark.
"""

# %%
# The network and its numbers
# ---------------------------

import tempfile
from pathlib import Path

import matplotlib.pyplot as plt

from skfashion import CLASS_NAMES, FashionMLPClassifier, load_fashion_sample, report
from skfashion.displays import TrainingCurvesDisplay
from skfashion.metrics import category_table, confused_pairs

X, y = load_fashion_sample(return_X_y=True)
X_test, y_test = load_fashion_sample(subset="test", return_X_y=True)
mlp = FashionMLPClassifier(rescale=1 / 255, random_state=0).fit(X, y)
answers = y_test, mlp.predict(X_test)
by_category = category_table(*answers, class_names=CLASS_NAMES)
confused = confused_pairs(*answers, class_names=CLASS_NAMES)
TrainingCurvesDisplay.from_estimator(mlp)
plt.show()

# %%
# The page
# --------
# A drawing is a function of the axes that it is given, so that the page has it twice:
# for light and for dark. What tables say is written as text, never as markup.

tables = [report.Table("By category", by_category), report.Table("Confused", confused)]
curve = report.Drawing(
    "Training",
    lambda ax: TrainingCurvesDisplay.from_estimator(mlp, ax=ax),
    alt="Accuracy by epoch.",
)
section = report.Section("A dense network", contents=[*tables, curve])
page = report.Page("Clothes", lead=["Shirts are the hardest."], sections=[section])
with tempfile.TemporaryDirectory() as folder:
    path = report.write(page, Path(folder, "clothes.html"))
    print(f"written: {path.name}, {path.stat().st_size:,} bytes")
