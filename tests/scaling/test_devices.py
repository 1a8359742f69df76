"""Several devices, as far as a processor can stand for them."""

import os
import subprocess
import sys

CODE = """
import pickle
import tensorflow as tf

cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(
    cpu, [tf.config.LogicalDeviceConfiguration()] * 2
)
from helpers.classifiers import make_cnn, make_mlp
import skfashion

X, y = skfashion.load_fashion_sample(return_X_y=True)
X, y = X[:200], y[:200]
assert len(tf.config.list_logical_devices("CPU")) == 2
for make in (make_mlp, make_cnn):
    for policy in ("float32", "mixed_bfloat16"):
        fitted = []
        for device in ("CPU:0", "CPU:1"):
            clf = make(rescale=1 / 255, epochs=2, dropout=0.2, dtype_policy=policy)
            with tf.device(device):
                clf.fit(X, y).partial_fit(X, y)
                expected = clf.predict_proba(X)
            # What was fitted on one device predicts on any.
            again = pickle.loads(pickle.dumps(clf))
            assert (again.predict_proba(X) == expected).all()
            fitted.append(expected)
        assert (fitted[0] == fitted[1]).all(), (make, policy)
    with tf.device("CPU:1"):
        model = clf.model_
    assert all("CPU:1" in v.value.device for v in model.variables)
print("same bits")
"""


def test_fits_under_either_device_give_the_same_bits():
    run = subprocess.run(
        [sys.executable, "-c", CODE],
        capture_output=True,
        text=True,
        check=False,
        # As this process finds the helpers.
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout == "same bits\n"
