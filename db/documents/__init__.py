"""What the JSONB columns hold: one pydantic model for each, the truth for inputs, types, seed and storage.

A document refuses unknown keys, can be read from `{}` unless it names something without a sensible default,
and survives `model_validate(model_dump(mode="json"))` unchanged.
"""
