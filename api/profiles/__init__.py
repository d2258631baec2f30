"""Profiles that people shape: their sections and what stands in them, drafts, versions, templates."""
