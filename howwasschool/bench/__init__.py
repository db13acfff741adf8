"""Figures of this house, each beside a bare baseline of the same work in the same run."""
