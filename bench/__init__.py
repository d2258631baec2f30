"""Measurements: what the statements cost on much data, and how to look at a plan."""
