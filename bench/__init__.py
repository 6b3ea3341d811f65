"""`make bench`: the whole way of a message, side by side with bare Rasa. See docs/performance.md."""
