"""Demo data: twenty believable people, what they post and say, and an audience that follows them."""

from db.seed.seeding import SeedRefusedError, SeedSummary, demo_people, seed

__all__ = ["SeedRefusedError", "SeedSummary", "demo_people", "seed"]
