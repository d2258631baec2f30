"""What the demo people say, written out: a newcomer reads these texts before any code."""
