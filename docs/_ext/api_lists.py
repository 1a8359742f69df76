"""The lists of the reference, written from the `__all__` of the public folders.

A folder or a name that becomes public has its page without another word here.
"""

import importlib
from pathlib import Path

import skfashion

# Where pages of folders are written; those of names are beside it, in "generated".
PLACE = "api/folders"


def folders():
    """Give the public folders and modules, in the order of the alphabet."""
    named = (getattr(skfashion, name) for name in skfashion.__all__)
    return [value.__name__ for value in named if type(value) is type(skfashion)]


def homes():
    """Give the public names of the package itself, by the page that each has."""
    found = {}
    for folder in folders():
        for name in importlib.import_module(folder).__all__:
            found[name] = f"{folder}.{name}"
    return {name: found[name] for name in skfashion.__all__ if name in found}


def idea(folder):
    """Give the first sentence of a folder's docstring."""
    return importlib.import_module(folder).__doc__.strip().partition("\n\n")[0]


def page(folder):
    """Write the page of a folder: its idea, and its names with a line on each."""
    module = importlib.import_module(folder)
    names = [f"   {name}" for name in module.__all__]
    title = f"{folder}\n{'=' * len(folder)}"
    listing = ".. autosummary::\n   :toctree: ../generated\n   :nosignatures:\n"
    parts = [
        title,
        idea(folder),
        f".. currentmodule:: {folder}",
        listing + "\n" + "\n".join(names),
    ]
    return "\n\n".join(parts) + "\n"


def short_page():
    """Write the page of what is had from the package itself."""
    homes_inside = (home.removeprefix("skfashion.") for home in homes().values())
    names = "\n".join(f"   ~{home}" for home in homes_inside)
    return (
        "skfashion\n=========\n\n"
        "What most programs need is had from the package itself, as in\n"
        "``from skfashion import PixelScaler``:\n\n.. currentmodule:: skfashion\n\n"
        f".. autosummary::\n   :nosignatures:\n\n{names}\n"
    )


def write_lists(app, _):
    """Write a page for each folder, where its text is another than before."""
    place = Path(app.srcdir, PLACE)
    place.mkdir(parents=True, exist_ok=True)
    pages = {"skfashion.rst": short_page()}
    pages |= {f"{name}.rst": page(name) for name in folders()}
    lines = [f"- [`{name}`](folders/{name}.rst): {idea(name)}\n" for name in folders()]
    # Included by the first page of the reference.
    pages["list.txt"] = "".join(lines)
    for name, text in pages.items():
        path = place / name
        if not path.exists() or path.read_text() != text:
            path.write_text(text)


def find_home(app, env, node, text):
    """Resolve a name as users write it: `PixelScaler` or `skfashion.PixelScaler`."""
    home = homes().get(node.get("reftarget", "").removeprefix("skfashion."))
    if node.get("refdomain") != "py" or home is None:
        return None
    where = node.get("refdoc", env.docname), app.builder
    return env.domains.python_domain.resolve_xref(env, *where, "obj", home, node, text)


def setup(app):
    """Have the lists written before Sphinx looks for pages."""
    app.connect("config-inited", write_lists)
    app.connect("missing-reference", find_home)
    return {"parallel_read_safe": True}
