"""MLflow: which settings gave which curve, and how do I get that model back?"""

import mlflow
import skops.io
from mlflow.models import infer_signature
from sklearn.pipeline import Pipeline

from skfashion import FashionMLPClassifier, PixelScaler, load_fashion_sample

X, y = load_fashion_sample(return_X_y=True)
X_test, y_test = load_fashion_sample(subset="test", return_X_y=True)
clf = FashionMLPClassifier(epochs=5, random_state=0)
pipe = Pipeline([("scale", PixelScaler()), ("clf", clf)])

mlflow.set_tracking_uri("sqlite:///runs.db")
mlflow.create_experiment("clothes", artifact_location="models")
mlflow.set_experiment("clothes")
with mlflow.start_run() as run:
    pipe.fit(X, y)
    mlflow.log_params(clf.get_params())
    for epoch, loss in enumerate(clf.loss_curve_):
        mlflow.log_metric("loss", loss, step=epoch)
    mlflow.log_metric("test accuracy", pipe.score(X_test, y_test))
    # MLflow writes models with skops, which asks for the names of their classes.
    logged = mlflow.sklearn.log_model(
        pipe,
        name="network",
        signature=infer_signature(X, pipe.predict(X)),
        pip_requirements=["skfashion"],
        skops_trusted_types=skops.io.get_untrusted_types(data=skops.io.dumps(pipe)),
    )

found = mlflow.search_runs(experiment_names=["clothes"])
columns = ["params.epochs", "metrics.loss", "metrics.test accuracy"]
print(found[columns].to_string(index=False))
again = mlflow.sklearn.load_model(logged.model_uri)
print("same bits:", bool((again.predict_proba(X) == pipe.predict_proba(X)).all()))
