"""A page of one's own, as one HTML file: tables and a figure, light and dark."""

from skfashion import CLASS_NAMES, FashionMLPClassifier, load_fashion_sample, report
from skfashion.displays import TrainingCurvesDisplay
from skfashion.metrics import category_table, confused_pairs

X, y = load_fashion_sample(return_X_y=True)
X_test, y_test = load_fashion_sample(subset="test", return_X_y=True)
mlp = FashionMLPClassifier(rescale=1 / 255, random_state=0).fit(X, y)
answers = y_test, mlp.predict(X_test)
by_category = category_table(*answers, class_names=CLASS_NAMES)
confused = confused_pairs(*answers, class_names=CLASS_NAMES)
tables = [report.Table("By category", by_category), report.Table("Confused", confused)]
curve = report.Drawing(
    "Training",
    lambda ax: TrainingCurvesDisplay.from_estimator(mlp, ax=ax),
    alt="Accuracy by epoch.",
)
section = report.Section("A dense network", contents=[*tables, curve])
page = report.Page("Clothes", lead=["Shirts are the hardest."], sections=[section])
print("written:", report.write(page, "clothes.html"))
