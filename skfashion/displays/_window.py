"""Shows a figure to whoever sits before the screen, or writes it to a file."""

from pathlib import Path
from typing import TYPE_CHECKING

from skfashion._utils.extras import extra
from skfashion._utils.text import printable
from skfashion.exceptions import WriteError

if TYPE_CHECKING:
    from matplotlib.figure import Figure, SubFigure


def show(
    figure: "Figure | SubFigure", path: Path | None = None, *, otherwise: Path
) -> Path | None:
    """Show a pyplot figure in a window, or write it to a file and close it.

    Parameters
    ----------
    figure : matplotlib.figure.Figure or SubFigure
        Such as ``figure_`` of a display.
    path : pathlib.Path or None, default=None
        File to write to, its kind told by its suffix. None opens a window and waits
        until it is closed.
    otherwise : pathlib.Path
        File to write to where there is no screen for a window.

    Returns
    -------
    pathlib.Path or None
        Of the file, if it was written.

    Raises
    ------
    WriteError
        If the file cannot be written.

    See Also
    --------
    ImageGridDisplay : Has its figure as ``figure_``, as every display does.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from skfashion.displays import TrainingCurvesDisplay, show
    >>> history = {"accuracy": [0.61, 0.74]}
    >>> display = TrainingCurvesDisplay.from_histories({"MLP": history})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "curves.png")
    ...     show(display.figure_, path, otherwise=path).name
    'curves.png'
    """
    with extra("plot", "Showing a figure"):
        import matplotlib.pyplot as plt
        from matplotlib.backends import BackendFilter, backend_registry
    windowed = backend_registry.list_builtin(BackendFilter.INTERACTIVE)
    if path is None and plt.get_backend().lower() in windowed:
        plt.show()
        return None
    path = path or otherwise
    try:
        figure.figure.savefig(path)
    except (OSError, ValueError) as error:
        # A ValueError tells which suffixes there are.
        reason = getattr(error, "strerror", None) or str(error).strip()
        raise WriteError(
            f"Cannot write the figure to {printable(path)}: {printable(reason)}."
        ) from error
    finally:
        plt.close(figure.figure)
    return path
