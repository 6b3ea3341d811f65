"""What `make compare` is made of (see engine/compare.py and docs/understanding.md)."""
