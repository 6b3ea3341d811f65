"""The sandbox's own surface: phones, faults, clock, log, the demo day, and the page."""
