"""What a person is told when a page cannot be had; knows nothing of how it was tried."""

from __future__ import annotations

import ssl

import httpcore

from index.errors import FetchError
from index.web.urls import Address


def by_status(address: Address, status: int) -> FetchError:
    """The error for a reply that is no page."""
    if status in (401, 402, 403, 407, 451):
        said = f"is closed to programs ({status}); open it in a browser, save the page and add it"
    elif status in (404, 410):
        said = f"is not there ({status}); check the address"
    elif status in (429, 503):
        said = f"is too busy to answer ({status}); try again later"
    elif status >= 500:
        said = f"failed on the site's side ({status}); try again later"
    else:
        said = f"was answered with status {status}, which is no page; check the address"
    return FetchError(f"{address} {said}", status)


def on_the_way(address: Address, error: Exception, late: float | None) -> FetchError:
    """The error for a connection that failed.

    Args:
        address: The page.
        error: What httpcore raised.
        late: The seconds that were allowed, if they are used up.
    """
    if late:
        said = f"took longer than {late:.0f} seconds; try again later"
    elif is_certificate(error):
        said = "has a certificate that is not valid for it; do not trust this address"
    elif isinstance(error, httpcore.TimeoutException | httpcore.ConnectError):
        said = "cannot be connected to; check the address and the connection, and try again later"
    elif "buffer too long" in str(error):  # h11's words for headers without end
        said = "was sent with headers that are too long; open it in a browser and save the page"
    else:
        reason = " ".join(str(error).split())[:100]
        said = f"broke off or is no proper HTTP ({reason}); try again later"
    return FetchError(f"{address} {said}")


def is_certificate(error: BaseException) -> bool:
    """Whether the site could not prove that it is the one in the address."""
    return isinstance(error.__cause__, ssl.SSLCertVerificationError)
