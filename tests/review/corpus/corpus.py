"""The whole corpus."""

from review.corpus.arrangement import ALONE
from review.corpus.dimension_changes import DIMENSIONS, ENTITIES, GRAINS
from review.corpus.mart_changes import BENEATH, MARTS
from review.corpus.measure_changes import MEASURES
from review.corpus.metrics_changes import COMPOSED, NAMES, SIMPLE
from review.corpus.mixed import MIXED
from review.corpus.saved_changes import SAVED
from review.corpus.spelling import INDEPENDENT
from review.corpus.words import WORDS

CORPUS = {
    "spelling": INDEPENDENT,
    "arrangement": ALONE,
    "words": WORDS,
    "measures": MEASURES,
    "simple metrics": SIMPLE,
    "composed metrics": COMPOSED,
    "names": NAMES,
    "dimensions": DIMENSIONS,
    "entities": ENTITIES,
    "grains": GRAINS,
    "saved queries": SAVED,
    "marts": MARTS,
    "beneath": BENEATH,
    "mixed": MIXED,
}
