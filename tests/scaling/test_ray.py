"""The same searches by Ray's processes, where Ray is installed."""

import joblib
import pytest

from helpers.searches import N_IMAGES, load_bytes, make_search, scores

pytestmark = pytest.mark.cluster


@pytest.fixture
def ray():
    ray = pytest.importorskip("ray")
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    yield ray
    ray.shutdown()


def test_ray_gives_the_bits_of_one_process(ray, alone):
    from ray.util.joblib import register_ray

    register_ray()
    search = make_search("grid")
    with joblib.parallel_config("ray", n_jobs=2):
        search.fit(*load_bytes(N_IMAGES))
    assert scores(search) == alone["grid"]
