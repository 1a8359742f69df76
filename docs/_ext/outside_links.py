"""Names of other packages become links to their sites, without asking these.

Sphinx's own way, intersphinx, fetches a list of names from each site at each build.
"""

from docutils import nodes

SKLEARN = "https://scikit-learn.org/stable/"
PAGES = {
    "sklearn.": SKLEARN + "modules/generated/{}.html",
    "numpy.": "https://numpy.org/doc/stable/reference/generated/{}.html",
    "pandas.": "https://pandas.pydata.org/docs/reference/api/{}.html",
}
# Places of scikit-learn's guide that docstrings which it writes refer to.
SECTIONS = {
    "df_output_transform": SKLEARN + "modules/df_output_transform.html",
    "meta-estimator": SKLEARN + "glossary.html#term-meta-estimator",
    "metadata_routing": SKLEARN + "metadata_routing.html",
    "sphx_glr_auto_examples_miscellaneous_plot_set_output.py": SKLEARN
    + "auto_examples/miscellaneous/plot_set_output.html",
}


def find(domain, target):
    """Give the address of what a reference is to, None if it is not known."""
    if domain == "std":
        return SECTIONS.get(target)
    pages = (page for start, page in PAGES.items() if target.startswith(start))
    return next((page.format(target) for page in pages), None)


def link(_app, _env, node, text):
    """Resolve a reference to what has no page of ours."""
    address = find(node.get("refdomain"), node.get("reftarget", ""))
    if address is None:
        return None
    return nodes.reference("", "", text, refuri=address, internal=False)


def setup(app):
    """Ask here about what Sphinx does not find."""
    app.connect("missing-reference", link)
    return {"parallel_read_safe": True}
