"""Training as an estimator does it: epoch after epoch, recorded, saved and resumed."""

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.validation import check_is_fitted

from skfashion._serialization.arrays import values_of
from skfashion._utils.interrupt import finishing_epochs
from skfashion.exceptions import CheckpointError
from skfashion.neural_network._holder import HoldsKerasModel

if TYPE_CHECKING:
    from skfashion.neural_network._checkpoint import Checkpoints, Progress

__all__ = ["TrainsInEpochs"]


class TrainsInEpochs(HoldsKerasModel):
    """Mixin of a classifier that trains the network it holds."""

    epochs: int
    batch_size: int
    early_stopping: bool
    n_iter_no_change: int
    callbacks: Any
    checkpoint: Any
    random_state: Any
    verbose: int | bool
    learning_rate: Any
    history_: dict[str, list[float]]
    n_iter_: int
    _seed: int

    @property
    def loss_curve_(self) -> list[float]:
        """Training loss by epoch."""
        check_is_fitted(self)
        return self.history_["loss"]

    @property
    def validation_scores_(self) -> list[float] | None:
        """Validation accuracy by epoch; None without validation data."""
        check_is_fitted(self)
        return self.history_.get("val_accuracy")

    def _train(
        self,
        X: np.ndarray,
        codes: np.ndarray,
        weights: np.ndarray | None,
        *,
        epochs: int,
        part: bool = False,
        held_out: tuple[np.ndarray, np.ndarray] | None = None,
        checkpoints: "Checkpoints | None" = None,
    ) -> bool:
        """Train the network on from where it stands; True if Ctrl-C ended it."""
        from skfashion._backend import trainer
        from skfashion.neural_network._callbacks import callbacks_for

        progress = None if checkpoints is None else self._go_to_last(checkpoints)
        done = 0 if progress is None else progress.epochs
        left = 0 if progress is not None and progress.over else epochs - done
        stopping = self.early_stopping and held_out is not None
        with (
            finishing_epochs() as interrupted,
            callbacks_for(
                self.callbacks,
                verbose=self.verbose,
                patience=self.n_iter_no_change if stopping else None,
                checkpoints=checkpoints,
                progress=progress,
            ) as callbacks,
        ):
            # Callbacks of the caller's see the network, and may keep it.
            self._predictor.reads_anew |= bool(self.callbacks)
            history = trainer.train(
                self._model,
                X,
                codes,
                None if weights is None else weights.astype(np.float32),
                epochs=left,
                batch_size=int(self.batch_size),
                seed=self._seed,
                initial_epoch=self.n_iter_ + done,
                validation_data=held_out,
                callbacks=callbacks,
                is_over=interrupted,
            )
        self._predictor.forget()
        if progress is not None:
            history = progress.history
        self._record(history, part=part)
        return interrupted()

    def _record(self, history: dict[str, list[float]], *, part: bool) -> None:
        """Add what was trained to the fitted attributes."""
        n_iter = self.n_iter_ + len(history["loss"])
        loss = history["loss"][-1]
        sign = None if np.isfinite(loss) else f"the loss of epoch {n_iter} is {loss}"
        # The loss was computed before the last step. A part's next loss will tell.
        if sign is None and not part:
            values = values_of(self._model.trainable_variables)
            if not all(np.isfinite(value).all() for value in values):
                sign = f"after epoch {n_iter} not all weights are finite"
        if sign is not None:
            warnings.warn(
                f"Training diverged: {sign}; lower learning_rate, now "
                f"{self.learning_rate!r}, or scale X to [0, 1].",
                ConvergenceWarning,
                stacklevel=2,
            )
        # A new one: the caller may have made a warning an error, which undoes it all.
        self.history_ = {
            name: [*self.history_.get(name, []), *history.get(name, [])]
            for name in {**self.history_, **history}
        }
        self.n_iter_ = n_iter

    def _open_checkpoints(
        self,
        classes: np.ndarray,
        seed: int,
        resume: bool,
        data: dict[str, Any],
    ) -> "Checkpoints":
        """Find the epochs that this very fit has saved already."""
        from skfashion.neural_network._checkpoint import Checkpoints
        from skfashion.neural_network._fingerprint import identify

        if resume:
            held = [*self._model.variables, *self._model.optimizer.variables]
            data = {**data, "network to start from": values_of(held)}
        known = None if self.random_state is None and not resume else seed
        return Checkpoints(self.checkpoint, identify(self, classes, known, data))

    def _go_to_last(self, checkpoints: "Checkpoints") -> "Progress":
        """Go to the last epoch that was saved, or save where training begins."""
        from skfashion.neural_network._checkpoint import Progress

        if checkpoints.last is not None:
            values = checkpoints.last.arrays
            try:
                self._fill(values["variables"], values["optimizer"])
            except (TypeError, ValueError) as error:
                raise CheckpointError(
                    f"checkpoint={str(self.checkpoint)!r} holds the weights of another "
                    "network: empty it to train anew."
                ) from error
            progress = checkpoints.last
        else:
            progress = Progress(self._seed)
            self._model.optimizer.build(self._model.trainable_variables)
            progress.look_at(self._model)
        if not progress.over and progress.epochs < self.epochs:
            # What cannot be written is told before hours of training.
            checkpoints.write(progress)
        return progress
