"""`make faults`: everything dies at random while people talk, and nothing may be lost or doubled."""
