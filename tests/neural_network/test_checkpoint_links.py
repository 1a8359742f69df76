"""An epoch is never written through a link that was put in its place."""

import pytest


@pytest.mark.filterwarnings("ignore::skfashion.exceptions.CheckpointWarning")
@pytest.mark.parametrize("there", [True, False], ids=["a file", "no file yet"])
def test_a_link_planted_during_the_fit_is_not_followed(there, make, train, tmp_path):
    import keras

    folder, precious = tmp_path / "epochs", tmp_path / "precious"
    link = folder / "epoch-000002.checkpoint"
    if there:
        precious.write_bytes(b"precious")

    def plant(epoch, logs=None):
        if epoch == 1:
            link.symlink_to(precious)

    callback = keras.callbacks.LambdaCallback(on_epoch_begin=plant)
    clf = make(epochs=3, checkpoint=folder, callbacks=[callback]).fit(*train)
    assert clf.n_iter_ == 3
    assert precious.exists() == there
    assert not there or precious.read_bytes() == b"precious"
