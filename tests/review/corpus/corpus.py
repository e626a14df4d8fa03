"""The whole corpus."""

from review.corpus.dimension_changes import DIMENSIONS, ENTITIES, GRAINS
from review.corpus.formatting import FORMATTING
from review.corpus.mart_changes import BENEATH, MARTS
from review.corpus.metrics_changes import COMPOSED, MEASURES, NAMES, SIMPLE
from review.corpus.mixed import MIXED
from review.corpus.saved_changes import SAVED
from review.corpus.words import WORDS

CORPUS = {
    "formatting": FORMATTING,
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
