import pytest

from helpers.classifiers import make_cnn, make_mlp
from skfashion._backend import processor
from skfashion.persistence import load, save


@pytest.fixture
def flags(monkeypatch, tmp_path):
    """Have the processor say what it can do."""

    def say(told, vendor="AuthenticAMD"):
        path = tmp_path / "cpuinfo"
        path.write_text(
            f"processor : 0\nvendor_id\t: {vendor}\nflags\t\t: fpu {told} sse\n\n"
            "processor : 1\nvendor_id\t: another\nflags\t\t: fpu\n"
        )
        monkeypatch.setattr(processor, "_CPU_INFO", path)
        monkeypatch.setattr(processor, "has_onednn", lambda: True)
        processor._has_fast_bfloat16.cache_clear()

    yield say
    processor._has_fast_bfloat16.cache_clear()


@pytest.mark.parametrize(
    ("told", "make", "policy"),
    [
        ("avx512f", make_cnn, "float32"),
        ("avx512f avx512_bf16", make_cnn, "mixed_bfloat16"),
        ("avx512_bf16", make_mlp, "float32"),
    ],
)
def test_auto_takes_what_the_processor_has(told, make, policy, flags, sample, tmp_path):
    flags(told)
    X, y = sample[0][:64] / 255, sample[1][:64]
    clf = make(dtype_policy="auto", epochs=1).fit(X, y)
    assert clf._fitted_network.config.dtype_policy == policy
    # On another processor it stays what it is.
    flags("")
    save(clf, tmp_path / "model")
    loaded = load(tmp_path / "model")
    assert loaded._fitted_network.config.dtype_policy == policy
    assert (loaded.predict_proba(X) == clf.predict_proba(X)).all()
    assert loaded.get_params()["dtype_policy"] == "auto"


@pytest.mark.parametrize(
    ("told", "policy"),
    [("avx512_bf16", "float32"), ("avx512_bf16 amx_bf16", "mixed_bfloat16")],
)
def test_auto_leaves_slow_bfloat16_alone(told, policy, flags):
    # Intel's AVX512-BF16 takes 1.4 times as long as float32, where AMX is not there.
    flags(told, vendor="GenuineIntel")
    assert processor.settle_policy("auto", convolves=True) == policy


def test_auto_is_the_same_bits_as_what_it_takes(flags, sample):
    flags("avx512f")
    X, y = sample[0][:64] / 255, sample[1][:64]
    auto, plain = (
        make_cnn(dtype_policy=policy, epochs=1, random_state=0).fit(X, y)
        for policy in ("auto", "float32")
    )
    assert (auto.predict_proba(X) == plain.predict_proba(X)).all()


def test_no_such_file_is_no_bfloat16(flags, monkeypatch, tmp_path):
    flags("avx512_bf16")
    monkeypatch.setattr(processor, "_CPU_INFO", tmp_path / "none")
    assert processor.settle_policy("auto", convolves=True) == "float32"
