"""What the tests of several commands do."""


def check_in_browser(open_page, path):
    """A page is whole on a large screen, on a phone and at night."""
    for width, scheme in ((1280, "light"), (360, "dark")):
        window = open_page(path, width=width, scheme=scheme)
        images = window.images()
        assert len(images) > 5
        assert all(natural_width > 0 for natural_width, _ in images)
        assert window.overflow() <= 0
        assert window.console() == []


def interrupt(monkeypatch, module, name, *, at_call):
    """Have a function be interrupted the so many-th time it is called."""
    function = getattr(module, name)
    calls = []

    def interrupted(*args, **kwargs):
        calls.append(args)
        if len(calls) == at_call:
            raise KeyboardInterrupt
        return function(*args, **kwargs)

    monkeypatch.setattr(module, name, interrupted)
