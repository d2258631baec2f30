"""Inputs of mutations, each with its limits."""
