"""What a recipe is: one named set-up as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from skfashion.recipes._published import PUBLISHED, Published


@dataclass(frozen=True)
class Recipe:
    """One named set-up: a published one, or one of this package's own.

    Parameters
    ----------
    name : str
        As the command line takes it.
    network : str
        The network in a line.
    classifier : type
        ``FashionMLPClassifier`` or ``FashionCNNClassifier``.
    parameters : mapping of str to object
        Of the classifier, all that differ from its defaults.
    validation : slice or None, default=None
        Training images that are held out; None trains on all.
    unsaid : mapping of str to str, default={}
        What the report does not say, and what was chosen here.
    remarks : tuple of str, default=()
        Where the words of the report and what is done here differ.

    Attributes
    ----------
    published : tuple of Published
        Every number that its report gives; none for one of this package's own.

    See Also
    --------
    get_recipe : Looks one up.

    Examples
    --------
    >>> from skfashion.recipes import RECIPES
    >>> recipe = RECIPES["dense-32"]
    >>> recipe.parameters["hidden_layer_sizes"], recipe.published[0].printed
    ((32,), '25,120 + 330 = 25,450')
    """

    name: str
    network: str
    classifier: type
    parameters: Mapping[str, Any]
    validation: slice | None = None
    unsaid: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    @property
    def published(self) -> tuple[Published, ...]:
        """Every number that its report gives; none for one of this package's own."""
        return PUBLISHED.get(self.name, ())
