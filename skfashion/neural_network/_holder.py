"""A Keras classifier as a value: held by SciKeras, frozen to plain data, thawed.

The one file that knows SciKeras. It is composed, never inherited (that breaks
``clone`` and ``is_classifier``), and never given a seed (its ``random_state``
leaves TensorFlow's determinism switched on for the whole process).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.utils.validation import check_is_fitted

from skfashion._serialization.arrays import values_of
from skfashion._utils.processes import refuse_after_fork, useless_after_fork

if TYPE_CHECKING:
    import keras
    from scikeras.wrappers import KerasClassifier

__all__ = ["HoldsKerasModel", "freeze"]


class HoldsKerasModel:
    """Mixin of an estimator that holds a Keras model and can be pickled.

    Live TensorFlow objects never enter a pickle: the model goes as its
    configuration and the values of its variables, and callbacks stay behind.
    """

    classes_: np.ndarray
    n_features_in_: int
    warm_start: bool
    _keeps_optimizer: bool
    # The network itself, for use in here: prediction keeps its weights at hand
    # until someone outside may change them.
    _model: "keras.Model"

    @property
    def model_(self) -> "keras.Model":
        """The fitted network, a plain ``keras.Model``."""
        return self.keras_classifier_.model_

    @property
    def keras_classifier_(self) -> "KerasClassifier":
        """The SciKeras classifier that holds the network."""
        check_is_fitted(self)
        self._predictor.reads_anew = True
        return self._wrapper

    @property
    def _may_go_on(self) -> bool:
        """Whether the optimizer's state has to go along with the weights."""
        return self._keeps_optimizer or self.warm_start

    def __sklearn_is_fitted__(self) -> bool:
        if hasattr(self, "_frozen"):
            refuse_after_fork()
        return hasattr(self, "_model")

    def _hold(
        self,
        build: "Callable[[], keras.Model]",
        classes: np.ndarray,
        optimizer: "keras.optimizers.Optimizer | str" = "adam",
    ) -> None:
        """Have SciKeras build the network, and compile it if it is not yet."""
        refuse_after_fork()
        from skfashion._backend.inference import Predictor
        from skfashion._backend.runtime import count_model, keras

        count_model()

        # Not by name, of which SciKeras makes a function that says less.
        loss = keras.losses.SparseCategoricalCrossentropy()
        # After Keras, which is imported quietly above.
        from scikeras.wrappers import KerasClassifier

        def compiled(compile_kwargs: dict[str, Any]) -> "keras.Model":
            model = build()
            if not model.compiled:
                model.compile(**compile_kwargs)
            return model

        wrapper = KerasClassifier(
            compiled,
            optimizer=optimizer,
            loss=loss,
            metrics=["accuracy"],
            verbose=0,
        )
        # One empty row a class is all SciKeras needs to learn the sizes.
        rows = np.zeros((len(classes), self.n_features_in_), dtype=np.float32)
        self._wrapper = wrapper.initialize(rows, np.arange(len(classes)))
        self._model = wrapper.model_
        self._predictor = Predictor(self._model)
        self.classes_ = classes

    def _fill(self, variables: list[np.ndarray], optimizer: list[np.ndarray]) -> None:
        """Give the network its values, and its optimizer if there are any."""
        _assign(self._model.variables, variables)
        if optimizer:
            self._model.optimizer.build(self._model.trainable_variables)
            _assign(self._model.optimizer.variables, optimizer)

    @contextmanager
    def _kept_on_error(self) -> Iterator[None]:
        """Leave the estimator as it was if the work inside raises."""
        refuse_after_fork()
        before = dict(vars(self))
        held = []
        if "_model" in before:
            # Or it would be built meanwhile, and keep what it has learnt.
            self._model.optimizer.build(self._model.trainable_variables)
            held = _variables(self._model)
        values = values_of(held)
        try:
            yield
        except BaseException:
            vars(self).clear()
            vars(self).update(before)
            _assign(held, values)
            if held:
                self._predictor.forget()
            raise

    def __getstate__(self) -> dict[str, Any]:
        state: dict[str, Any] = {**super().__getstate__()}  # type: ignore[dict-item]
        if any(hasattr(value, "get_config") for value in state.values()):
            # It starts TensorFlow when it is read, and is read after what stands first.
            state = {"_first": _LimitsThreads(), **state}
        if "_model" in state:
            del state["_wrapper"], state["_model"], state["_predictor"]
            state["_frozen"] = freeze(self._model, with_optimizer=self._may_go_on)
            # They served that fit, and may hold on to files, data or the model.
            state["callbacks"] = None
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        state.pop("_first", None)
        frozen = state.pop("_frozen", None)
        super().__setstate__(state)  # type: ignore[misc]
        if frozen is None:
            return
        if useless_after_fork():
            # Not an error yet: it would end a worker of multiprocessing.Pool before
            # its task begins, and the pool would wait for the answer for ever.
            self._frozen = frozen
        else:
            self._thaw(frozen)

    def _thaw(self, frozen: dict[str, Any]) -> None:
        """Hold the model that ``freeze`` took apart."""
        from skfashion._backend.runtime import keras

        # Alone, for what builds it is kept: not the values as well.
        config = frozen["config"]
        self._hold(lambda: keras.saving.deserialize_keras_object(config), self.classes_)
        self._fill(frozen["variables"], frozen["optimizer"])


class _LimitsThreads:
    """Has TensorFlow, if it is there, learn of its threads before it starts."""

    def __reduce__(self) -> tuple[Callable, tuple]:
        return _limit_threads, ()


def _limit_threads() -> None:
    import skfashion._backend.runtime  # noqa: F401


def freeze(model: "keras.Model", *, with_optimizer: bool) -> dict[str, Any]:
    """Turn a compiled model into plain Python values and NumPy arrays.

    Parameters
    ----------
    model : keras.Model
        Compiled model.
    with_optimizer : bool
        Whether the optimizer's state goes along, to train on as if never frozen.

    Returns
    -------
    dict
        The architecture and the training set-up ("config"), the values of the
        model's variables ("variables") and of the optimizer's ("optimizer").
    """
    from skfashion._backend.runtime import keras

    return {
        "config": keras.saving.serialize_keras_object(model),
        "variables": values_of(model.variables),
        "optimizer": values_of(model.optimizer.variables) if with_optimizer else [],
    }


def _variables(model: "keras.Model") -> list[Any]:
    return [*model.variables, *model.optimizer.variables]


def _assign(variables: list[Any], values: list[np.ndarray]) -> None:
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)
