"""Tuning the second encoder to customers' messages: `make tune`. Not needed to train or to run."""
