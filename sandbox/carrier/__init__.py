"""Stand-in of a carrier, "Swift Parcels", behind the generic signed carrier adapter."""

from sandbox.carrier.service import Carrier

__all__ = ["Carrier"]
