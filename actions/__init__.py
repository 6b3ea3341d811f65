"""What the engine asks of Doorstep: find, change, ask. Thin; the rules live in `bot`."""
