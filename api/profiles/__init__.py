"""Profiles that people shape: their sections, and what stands in sections."""
