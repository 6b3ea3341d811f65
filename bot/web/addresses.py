"""Who is at the other end of a request, with proxies of ours in between."""

from aiohttp import web


def client_address(request: web.Request, trusted_proxies: int) -> str:
    """The address of whoever spoke to the outermost of our proxies; "" when there is none.

    Each proxy adds on the right of X-Forwarded-For whom it heard. What stands further left than
    ours have written may be made up. A request with fewer entries came by another way.
    """
    heard = ",".join(request.headers.getall("X-Forwarded-For", [])).split(",")
    if 0 < trusted_proxies <= len(heard):
        return heard[-trusted_proxies].strip() or request.remote or ""
    return request.remote or ""
