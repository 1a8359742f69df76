"""Ctrl-C while training."""

import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from helpers.classifiers import make_mlp
from skfashion import __main__, load_fashion_sample
from skfashion._cli import shared
from skfashion.exceptions import TrainingInterruptedWarning

pytestmark = pytest.mark.usefixtures("ctrl_c")


def presses(*epochs, times=1, batches=False):
    """Make a callback that presses Ctrl-C in some epochs."""
    import keras

    def press(epoch, logs=None):
        if epoch in epochs:
            for _ in range(times):
                signal.raise_signal(signal.SIGINT)

    more = {"on_train_batch_end": lambda batch, logs: None} if batches else {}
    return keras.callbacks.LambdaCallback(on_epoch_begin=press, **more)


def press_while_it_trains():
    """Press Ctrl-C when a fit has begun to listen: not while TensorFlow loads."""

    def press():
        while (
            "skfashion._backend.trainer" not in sys.modules
            or signal.getsignal(signal.SIGINT) is signal.default_int_handler
        ):
            time.sleep(0.01)
        time.sleep(0.5)
        signal.raise_signal(signal.SIGINT)

    threading.Thread(target=press, daemon=True).start()


@pytest.mark.parametrize("batches", [False, True], ids=["chunks", "keras"])
def test_the_epoch_is_finished_and_kept(make, batches, train):
    clf = make(epochs=5, callbacks=[presses(1, batches=batches)])
    with pytest.warns(TrainingInterruptedWarning, match="after 2 of 5 epochs") as seen:
        clf.fit(*train)
    assert len(seen) == 1
    assert clf.n_iter_ == len(clf.loss_curve_) == 2
    whole = make(epochs=2).fit(*train)
    np.testing.assert_allclose(
        clf.predict_proba(train[0]), whole.predict_proba(train[0]), atol=1e-5
    )
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_without_callbacks_too(train):
    clf = make_mlp(epochs=100_000)
    press_while_it_trains()
    with pytest.warns(TrainingInterruptedWarning):
        clf.fit(*train)
    assert 1 <= clf.n_iter_ < 100_000
    assert len(clf.predict(train[0])) == len(train[0])


def test_a_second_press_ends_it_at_once(train):
    clf = make_mlp().fit(*train)
    before = clf.predict_proba(train[0])
    clf.set_params(callbacks=[presses(0, times=2)])
    with pytest.raises(KeyboardInterrupt):
        clf.fit(*train)
    np.testing.assert_array_equal(clf.predict_proba(train[0]), before)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_parts_are_finished_and_end_the_loop(train):
    clf = make_mlp(callbacks=[presses(1)]).partial_fit(*train, classes=range(10))
    with pytest.raises(KeyboardInterrupt):
        clf.partial_fit(*train)
    assert clf.n_epochs_ == len(clf.loss_curve_) == 2
    assert clf.partial_fit(*train).n_epochs_ == 3


def test_tensorflow_is_imported_whole():
    # Pressed while it loads, which takes seconds.
    code = (
        "import signal, sys, threading, time\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "def press():\n"
        "    while 'tensorflow' not in sys.modules: time.sleep(0.01)\n"
        "    signal.raise_signal(signal.SIGINT)\n"
        "threading.Thread(target=press).start()\n"
        "try:\n"
        "    import skfashion._backend.trainer\n"
        "except KeyboardInterrupt:\n"
        "    print('ended')\n"
        "assert signal.getsignal(signal.SIGINT) is signal.default_int_handler\n"
        "import skfashion._backend.trainer\n"
        "print(skfashion._backend.trainer.keras.ops.ones(1).shape)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.stdout == "ended\n(1,)\n"


def test_another_handler_is_left_alone(train):
    heard = []

    def handler(number, frame):
        heard.append(number)

    before = signal.signal(signal.SIGINT, handler)
    try:
        clf = make_mlp(epochs=3, callbacks=[presses(1)]).fit(*train)
        assert signal.getsignal(signal.SIGINT) is handler
    finally:
        signal.signal(signal.SIGINT, before)
    assert heard == [signal.SIGINT]
    assert clf.n_iter_ == 3


def test_a_fit_in_a_thread_handles_no_signals(train):
    clf = make_mlp(epochs=2)
    thread = threading.Thread(target=clf.fit, args=train)
    thread.start()
    thread.join()
    assert clf.n_iter_ == 2


def test_a_command_ends(monkeypatch, capsys):
    monkeypatch.setattr(
        shared,
        "fetch_fashion_mnist",
        lambda subset, data_home: load_fashion_sample(subset=subset),
    )
    press_while_it_trains()
    arguments = ["reproduce", "dense-32", "deep-512-256-128", "--epochs", "9999"]
    assert __main__.main(arguments) == 130
    assert "interrupted" in capsys.readouterr().err
