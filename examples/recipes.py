"""A published set-up as one pipeline, with what its report says and leaves unsaid."""

from skfashion import load_fashion_sample
from skfashion.recipes import describe, make_pipeline

print(describe("dense-32"))
train = load_fashion_sample(subset="train")
test = load_fashion_sample(subset="test")
pipe = make_pipeline("dense-32", random_state=0).fit(train.data, train.target)
print("test accuracy on the sample:", pipe.score(test.data, test.target))
