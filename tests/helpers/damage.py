"""Ways to damage a file at random: its bytes, and what the JSON in it says."""

import copy
import io
import json
import zipfile

from skfashion._serialization.archive import write_archive

# Damage to bytes


def flip(rng, content, _):
    content = bytearray(content)
    for _ in range(rng.choice([1, 1, 2, 8])):
        content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    return bytes(content)


def overwrite(rng, content, _):
    at, piece = rng.randrange(len(content)), rng.choice([1, 2, 4, 8, 100])
    fill = rng.choice([bytes(piece), b"\xff" * piece, rng.randbytes(piece)])
    return content[:at] + fill + content[at + piece :]


def cut(rng, content, _):
    start, end = part(rng, content)
    return rng.choice([content[:start], content[end:], content[:start] + content[end:]])


def repeat(rng, content, _):
    start, end = part(rng, content)
    at = rng.randrange(len(content))
    return content[:at] + content[start:end] * rng.choice([1, 1, 2, 50]) + content[at:]


def move(rng, content, _):
    start, end = part(rng, content)
    rest = content[:start] + content[end:]
    at = rng.randrange(len(rest) + 1)
    return rest[:at] + content[start:end] + rest[at:]


def join(rng, content, other):
    at, start = rng.randrange(len(content)), rng.randrange(len(other))
    return rng.choice([content + other, content[:at] + other[start:], other + content])


def part(rng, content):
    """Where a piece begins and ends; small ones as often as large ones."""
    start = rng.randrange(len(content))
    return start, start + 1 + int(len(content) ** rng.random())


DAMAGE = [flip, overwrite, cut, repeat, move, join]


def damaged(rng, content, other):
    """Damage some bytes, with those of another file at hand."""
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        content = rng.choice(DAMAGE)(rng, content or b"?", other or b"?")
    return content


def damaged_inside(rng, content, other):
    """Damage a member of a zip file, in a zip file that is sound."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    name = rng.choice(list(held))
    held[name] = damaged(rng, held[name], other)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, member in held.items():
            archive.writestr(name, member)
    return stream.getvalue()


# Damage to what JSON holds


# Stands for a list in a list, and so on.
DEEP = "deep"
VALUES = [
    *[None, True, 0, -1, 1, 2, 3.5, 10**6, 10**8, 10**12, 10**400, 1e308, -1e-9],
    *[float("nan"), float("inf"), "", "x", "x" * 10_000, "\0", "\ud800", "1"],
    *["Pipeline", "PixelScaler", "FashionCNNClassifier", "os.system", "estimator.json"],
    *["|O", "<f8", "<U4096", "<M8[s]", "|V8", "<c8", "f4,f4", "relu", "adam", "glu"],
    *[[], {}, [[]], [1, 2], DEEP, {"tuple": []}, {"tuple": [7]}, {"dict": []}],
    {"dict": [[1, 2], [1, 3]]},
    {"dict": [[[], 2]]},
    {"dtype": "<U4096", "array": ["a"] * 100, "shape": [100]},
    {"dtype": "<f4", "array": [], "shape": [0, 10**9]},
    {"dtype": "|O", "array": [None, 1, "a"], "shape": [3]},
    {"keras": {"module": "keras.layers", "class_name": "Dense", "config": {}}},
    {"keras": {"module": "keras.optimizers", "class_name": "SGD", "config": {}}},
    {"module": "os", "class_name": "system", "config": {}, "registered_name": None},
]


def places(value):
    """All containers and keys in some JSON."""
    keys = []
    if isinstance(value, dict | list):
        keys = list(value) if isinstance(value, dict) else range(len(value))
    for key in keys:
        yield value, key
        yield from places(value[key])


def spoil(rng, value):
    """Change something, somewhere in some JSON."""
    held, key = rng.choice(list(places(value)))
    other, name = rng.choice(list(places(value)))
    kind, now = rng.randrange(7), held[key]
    if kind == 0:
        del held[key]
    elif kind == 1:
        held[key] = copy.deepcopy(other[name])
    elif kind == 2:
        held[key] = rng.choice([[now], {"tuple": [now]}, {"x": now}, str(now)[:99]])
    elif kind == 3 and isinstance(held, list):
        held.insert(key, copy.deepcopy(rng.choice([now, *VALUES])))
    elif kind == 4 and isinstance(held, dict):
        names = [name for _, name in places(value) if isinstance(name, str)]
        held[rng.choice(["x", *names])] = now
    elif kind == 5 and isinstance(now, int | float):
        held[key] = rng.choice([now + 1, -now, now * 2, now * 10**6, str(now)])
    else:
        held[key] = copy.deepcopy(rng.choice(VALUES))


def with_right_sums(rng, path, out):
    """Change members of a file, whose manifest then tells of the change."""
    with zipfile.ZipFile(path) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    about = json.loads(held.pop("manifest.json"))
    del about["members"]
    (described_in,) = (name for name in held if name.endswith(".json"))
    description = json.loads(held[described_in])
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        spoil(rng, rng.choice([about, *[description] * 9]) or description)
    depth = rng.choice([500, 50_000])
    deep = "[" * depth + "]" * depth
    described = json.dumps(description).replace(json.dumps(DEEP), deep)
    held[described_in] = described.encode()
    if rng.random() < 0.1:
        name = rng.choice(list(held))
        held[name] = damaged(rng, held[name], rng.choice(list(held.values())))
    return write_archive(out, about, held)
