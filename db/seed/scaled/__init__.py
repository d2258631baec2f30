"""The shape of the demo data at any size: thousands to millions of posts, for benchmarks and for looking around."""

from db.seed.scaled.loading import Progress
from db.seed.scaled.seeding import ScaledSummary, seed_scaled
from db.seed.scaled.shape import LEAST_POSTS, MOST_POSTS

__all__ = ["LEAST_POSTS", "MOST_POSTS", "Progress", "ScaledSummary", "seed_scaled"]
