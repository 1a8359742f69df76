"""
How do I serve a model over HTTP?
=================================

A saved model, a photograph in, JSON out: ``python serve.py clothes.skfashion 8000``,
then ``curl --data-binary @boot.jpg http://127.0.0.1:8000/predict``.
"""

# %%
# Larger uploads than 2 MB are refused with status 413, and what is no photograph with
# 400 and a sentence.

import sys
import tempfile
from pathlib import Path

import numpy as np
from flask import Flask, jsonify, request
from PIL import Image
from sklearn.pipeline import Pipeline
from waitress import create_server

from skfashion import load
from skfashion.exceptions import DataError
from skfashion.preprocessing import read_photo

MOST_BYTES = 2_000_000
# A small file may unfold into many pixels: twice as many as these are refused.
Image.MAX_IMAGE_PIXELS = 10_000_000

model = load(sys.argv[1])
classifier = model[-1] if isinstance(model, Pipeline) else model
names = getattr(classifier, "class_names_", map(str, classifier.classes_))
names = list(names)

app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES


@app.post("/predict")
def predict():
    content = request.get_data()
    with tempfile.TemporaryDirectory() as folder:
        photo = Path(folder, "photo")
        photo.write_bytes(content)
        try:
            image = read_photo(photo)
        except DataError as error:
            return jsonify(error=str(error).replace(repr(str(photo)), "The body")), 400
    found = model.predict_proba(image[np.newaxis])[0]
    probabilities = dict(zip(names, found.tolist(), strict=True))
    return jsonify(label=names[found.argmax()], probabilities=probabilities)


# The application answers 413 to what is too large; the server cuts off what is far
# larger, unread, so that its sender may see a closed connection in place of an answer.
listen = f"127.0.0.1:{sys.argv[2]}"
server = create_server(app, listen=listen, max_request_body_size=10 * MOST_BYTES)
print(f"http://{server.effective_host}:{server.effective_port}/predict", flush=True)
server.run()
