"""Optuna: which settings are best, if poor ones are given up after a few epochs?"""

import keras
import optuna

from skfashion import FashionMLPClassifier, load_fashion_sample

X, y = load_fashion_sample(return_X_y=True)
X, X_val, y, y_val = X[:1500], X[1500:], y[:1500], y[1500:]


def objective(trial):
    def report(epoch, logs):
        trial.report(logs["val_accuracy"], epoch)
        if trial.should_prune():
            raise optuna.TrialPruned

    clf = FashionMLPClassifier(
        trial.suggest_categorical("hidden_layer_sizes", [32, 128]),
        learning_rate=trial.suggest_float("learning_rate", 1e-5, 1e-1, log=True),
        epochs=8,
        rescale=1 / 255,
        random_state=0,
        callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=report)],
    )
    clf.fit(X, y, X_val=X_val, y_val=y_val)
    return clf.validation_scores_[-1]


optuna.logging.set_verbosity(optuna.logging.WARNING)
study = optuna.create_study(
    direction="maximize",
    sampler=optuna.samplers.TPESampler(seed=0),
    pruner=optuna.pruners.MedianPruner(n_startup_trials=2, n_warmup_steps=1),
)
study.optimize(objective, n_trials=10)
for trial in study.trials:
    epochs = len(trial.intermediate_values)
    print(trial.state.name, "after", epochs, "epochs:", trial.params)
print("best:", round(study.best_value, 3), study.best_params)
