"""Where the documentation of an estimator is, for scikit-learn's HTML of it."""

__all__ = ["SITE", "DocumentationLinkMixin"]

# As "Documentation" in the project's metadata says, which a test compares.
SITE = "https://skfashion.github.io/skfashion/"


class DocumentationLinkMixin:
    """Gives the HTML of an estimator a link to its page of the reference.

    Stands to the left of scikit-learn's ``BaseEstimator``, which links to its own site.
    """

    _doc_link_module = "skfashion"
    _doc_link_template = SITE + "api/generated/{estimator_module}.{estimator_name}.html"
