"""What a newcomer meets: an installation, a first accuracy, images of some size.

Each script keeps what it measured in a file of JSON beside it, and writes what that
says into a marked part of README.md or of a page of docs; ``--page-only`` does only the
latter.
"""
