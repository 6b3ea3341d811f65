"""A simulated month: parcels, carriers that stumble, customers who answer; judged, and drawn."""
