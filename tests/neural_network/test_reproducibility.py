"""One random_state, the same bits; and nothing global read or written."""

import os
import random
import re
import subprocess
import sys
from pathlib import Path

import joblib
import numpy as np
import pytest
from sklearn.model_selection import cross_val_predict

from helpers.classifiers import make_cnn, make_mlp


def bits(estimator, train):
    return estimator.fit(*train).predict_proba(train[0])


def test_same_seed_same_bits_whatever_ran_before(make, train, record_property):
    import keras

    record_property("same_bits", "after unrelated fits")
    params = {"dropout": 0.3, "early_stopping": True, "epochs": 3}
    first = bits(make(**params), train)
    make(random_state=None, epochs=1).fit(*train)
    make(random_state=7, epochs=1, dropout=0.5).fit(*train)
    keras.utils.set_random_seed(5)
    keras.Sequential([keras.layers.Dense(3)])(np.zeros((1, 2)))
    np.random.seed(3)  # noqa: NPY002 - the global generator is the point
    np.testing.assert_array_equal(first, bits(make(**params), train))


def test_another_seed_other_bits(make, train):
    first = bits(make(random_state=0, epochs=1), train)
    assert not np.array_equal(first, bits(make(random_state=1, epochs=1), train))


def test_without_a_seed_each_fit_differs(make, train):
    unseeded = make(random_state=None, epochs=1)
    np.random.seed(0)  # noqa: NPY002
    first = bits(unseeded, train)
    np.random.seed(0)  # noqa: NPY002
    assert not np.array_equal(first, bits(unseeded, train))


def test_random_state_objects(make, train):
    first, again = (
        bits(make(random_state=np.random.RandomState(4), epochs=1), train)
        for _ in range(2)
    )
    np.testing.assert_array_equal(first, again)


ELSEWHERE = """
import sys
import numpy as np
sys.path.insert(0, sys.argv[1])
from helpers import classifiers
from skfashion import PixelScaler, load_fashion_sample
X, y = load_fashion_sample(return_X_y=True)
X = PixelScaler().fit_transform(X[:600])
for name in ("make_mlp", "make_cnn"):
    fitted = getattr(classifiers, name)(dropout=0.3).fit(X, y[:600])
    np.save(f"{sys.argv[2]}/{name}.npy", fitted.predict_proba(X))
"""


def test_same_bits_in_another_process(train, tmp_path, record_property):
    record_property("same_bits", "in another process")
    folder = str(Path(__file__).parents[1])
    subprocess.run([sys.executable, "-c", ELSEWHERE, folder, tmp_path], check=True)
    for make in (make_mlp, make_cnn):
        there = np.load(tmp_path / f"{make.__name__}.npy")
        np.testing.assert_array_equal(there, bits(make(dropout=0.3), train))


def test_same_bits_for_any_n_jobs(make, train, record_property):
    """Where workers have as many threads as there are here: joblib divides them."""
    record_property("same_bits", "n_jobs 1 and 2")
    threads = int(os.environ.get("OMP_NUM_THREADS", joblib.cpu_count()))
    with joblib.parallel_config("loky", inner_max_num_threads=threads):
        alone, beside = (
            cross_val_predict(
                make(dropout=0.3), *train, cv=2, method="predict_proba", n_jobs=n_jobs
            )
            for n_jobs in (1, 2)
        )
    np.testing.assert_array_equal(alone, beside)


def global_state():
    import keras
    import tensorflow as tf
    from tensorflow.python.eager import context
    from tensorflow.python.framework import config

    return {
        "random": random.getstate(),
        "numpy": str(np.random.get_state()),  # noqa: NPY002
        "tensorflow seed": context.global_seed(),
        "determinism": config.is_op_determinism_enabled(),
        "environment": dict(os.environ),
        "dtype policy": keras.config.dtype_policy().name,
        "float": keras.config.floatx(),
        "image format": keras.config.image_data_format(),
        "threads": (
            tf.config.threading.get_intra_op_parallelism_threads(),
            tf.config.threading.get_inter_op_parallelism_threads(),
        ),
        "eager": tf.config.functions_run_eagerly(),
        "jit": tf.config.optimizer.get_jit(),
    }


@pytest.mark.parametrize("seed", [None, 0])
def test_global_state_is_left_as_it_was(make, train, seed):
    import tensorflow as tf

    tf.random.set_seed(11)
    before = global_state()
    fitted = make(random_state=seed, dropout=0.3, early_stopping=True).fit(*train)
    fitted.predict(train[0])
    fitted.set_params(early_stopping=False).partial_fit(*train)
    assert global_state() == before


def test_draws_of_the_caller_are_not_shifted(make, train):
    import keras
    import tensorflow as tf
    from keras.src.random.seed_generator import global_seed_generator

    def draws(between):
        # Keras 3.12 does not set this one with the seed.
        global_seed_generator().state.assign([3, 0])
        keras.utils.set_random_seed(3)
        between()
        return (
            random.random(),
            np.random.rand(),  # noqa: NPY002
            float(tf.random.uniform(())),
            float(keras.random.uniform(())),
            float(keras.layers.Dense(1)(np.ones((1, 1)))[0, 0]),
        )

    def fit():
        make(dropout=0.3, random_state=None, epochs=1).fit(*train).predict(train[0])

    assert draws(fit) == draws(lambda: None)


def number(name):
    found = re.search(r"_(\d+)$", name)
    return int(found[1]) if found else 0


def test_names_of_the_caller_are_not_counted_up(make, train):
    import keras

    def names():
        inputs = keras.Input((4,))
        things = [
            keras.layers.Dense(1),
            keras.layers.Dropout(0.5),
            keras.layers.Conv2D(1, 1),
            keras.layers.MaxPooling2D(),
            keras.layers.Flatten(),
            keras.layers.Reshape((1,)),
            keras.Sequential(),
            keras.Model(inputs, keras.layers.Dense(1, name="named")(inputs)),
            keras.optimizers.Adam(),
        ]
        return {type(thing).__name__: number(thing.name) for thing in things}

    # Keras 3.12 does not number optimizers.
    first, second = names(), names()
    make(dropout=0.3, epochs=1).fit(*train)
    third = names()
    steps = {kind: second[kind] - first[kind] for kind in first}
    assert {kind: third[kind] - second[kind] for kind in third} == steps
    assert sum(steps.values()) >= len(steps) - 1
