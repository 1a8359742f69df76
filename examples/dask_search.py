"""
How do I search on many cores or machines?
==========================================

With a cluster of Dask's; here its two worker processes are on one machine. The search
goes on if one of them is killed.
"""

# %%
# It stands below ``__main__``, for worker processes read this file again. ``pip install
# "skfashion[dask]"`` installs what it needs.

from itertools import chain

import joblib
from distributed import Client
from sklearn.model_selection import GridSearchCV, StratifiedKFold

from skfashion import FashionMLPClassifier, load_fashion_sample

if __name__ == "__main__":
    X, y = load_fashion_sample(return_X_y=True)
    clf = FashionMLPClassifier(rescale=1 / 255, epochs=3, random_state=0)
    # As a list, so that the numbers of the rows can be sent ahead too.
    splits = list(StratifiedKFold(3).split(X, y))
    search = GridSearchCV(clf, {"learning_rate": [0.001, 0.003]}, cv=splits)
    with Client(n_workers=2, threads_per_worker=1, dashboard_address=None) as client:
        # Or Dask drops copies that no task waits for at the moment.
        client.amm.stop()
        sent = [X, y, *chain(*splits)]
        with joblib.parallel_config("dask", scatter=sent):
            search.fit(X, y)
    print(search.best_params_, round(search.best_score_, 3))
