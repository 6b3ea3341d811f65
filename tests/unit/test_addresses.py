"""Behind proxies, a client is told by what our own proxies have written."""

from collections.abc import Sequence

import pytest
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from bot.web.addresses import client_address


@pytest.mark.parametrize(
    ("proxies", "headers", "address"),
    [
        (0, [], "peer"),
        (0, ["203.0.113.7"], "peer"),
        (1, [], "peer"),
        (1, ["203.0.113.7"], "203.0.113.7"),
        (1, ["198.51.100.1, 203.0.113.7"], "203.0.113.7"),
        (1, ["198.51.100.1", "203.0.113.7"], "203.0.113.7"),
        (2, ["198.51.100.1, 203.0.113.7, 10.0.0.2"], "203.0.113.7"),
        (2, ["203.0.113.7"], "peer"),
        (1, ["203.0.113.7,"], "peer"),
    ],
)
def test_the_address_is_what_our_outermost_proxy_heard(
    proxies: int, headers: Sequence[str], address: str
) -> None:
    given = CIMultiDict(("X-Forwarded-For", header) for header in headers)
    request = make_mocked_request("GET", "/", headers=given).clone(remote="peer")
    assert client_address(request, proxies) == address
