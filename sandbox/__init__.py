"""Stand-ins for the providers Doorstep talks to, with phones to type on.

Independent of the product: it speaks HTTP and signatures, as the real vendors do, and
imports nothing from ``bot``.
"""
