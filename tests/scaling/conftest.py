import multiprocessing
from concurrent.futures import ProcessPoolExecutor

import pytest

from helpers.searches import all_scores


@pytest.fixture(scope="session")
def alone():
    """Scores by ``n_jobs=1`` in a new process of one TensorFlow thread, by kind."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OMP_NUM_THREADS", "1")
        spawn = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, mp_context=spawn) as process:
            return process.submit(all_scores).result()
