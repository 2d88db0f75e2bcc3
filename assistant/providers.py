"""Which service a language model's name means, where that is, and whether it is this machine.

Knows nothing of settings, keys or requests: it reads names, addresses and the environment.
"""

from __future__ import annotations

import ipaddress
import os
import re
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

OPENAI = "https://api.openai.com/v1"
"""Where OpenAI's own models are."""


@dataclass(frozen=True)
class Provider:
    """A chat model service that LangChain knows.

    Args:
        package: what to install for it.
        host: where its models are; empty where that depends on the person's account.
        keys: environment variables from which its integration takes the key, any of them.
        addresses: those by which it takes another address, the first that is set.
        gateway: whether it goes to LangSmith's gateway where that is switched on.
    """

    package: str
    host: str = ""
    keys: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    gateway: bool = False


_OPENAI_PACKAGE = "langchain-openai"
KNOWN: dict[str, Provider] = {
    "openai": Provider(_OPENAI_PACKAGE, "api.openai.com", ("OPENAI_API_KEY",)),
    "azure_openai": Provider(
        _OPENAI_PACKAGE,
        "",
        ("AZURE_OPENAI_API_KEY", "AZURE_OPENAI_AD_TOKEN"),
        ("AZURE_OPENAI_ENDPOINT",),
    ),
    "anthropic": Provider(
        "langchain-anthropic",
        "api.anthropic.com",
        ("ANTHROPIC_API_KEY",),
        ("ANTHROPIC_API_URL", "ANTHROPIC_BASE_URL"),
        gateway=True,
    ),
    "cohere": Provider("langchain-cohere", "api.cohere.com", ("COHERE_API_KEY",)),
    "deepseek": Provider(
        "langchain-deepseek", "api.deepseek.com", ("DEEPSEEK_API_KEY",), ("DEEPSEEK_API_BASE",)
    ),
    "fireworks": Provider(
        "langchain-fireworks", "api.fireworks.ai", ("FIREWORKS_API_KEY",), ("FIREWORKS_API_BASE",)
    ),
    "google_genai": Provider(
        "langchain-google-genai",
        "googleapis.com",
        ("GOOGLE_API_KEY", "GEMINI_API_KEY"),
        gateway=True,
    ),
    "groq": Provider(
        "langchain-groq", "api.groq.com", ("GROQ_API_KEY",), ("GROQ_API_BASE", "GROQ_BASE_URL")
    ),
    "langsmith": Provider(
        _OPENAI_PACKAGE,
        "gateway.smith.langchain.com",
        ("LANGSMITH_GATEWAY_API_KEY", "LANGSMITH_API_KEY"),
        gateway=True,
    ),
    "mistralai": Provider(
        "langchain-mistralai", "api.mistral.ai", ("MISTRAL_API_KEY",), ("MISTRAL_BASE_URL",)
    ),
    "nvidia": Provider(
        "langchain-nvidia-ai-endpoints",
        "integrate.api.nvidia.com",
        ("NVIDIA_API_KEY",),
        ("NVIDIA_BASE_URL",),
    ),
    "ollama": Provider("langchain-ollama", addresses=("OLLAMA_HOST",)),
    "openrouter": Provider(
        "langchain-openrouter", "openrouter.ai", ("OPENROUTER_API_KEY",), ("OPENROUTER_API_BASE",)
    ),
    "perplexity": Provider(
        "langchain-perplexity", "api.perplexity.ai", ("PPLX_API_KEY", "PERPLEXITY_API_KEY")
    ),
    "together": Provider(
        "langchain-together", "api.together.xyz", ("TOGETHER_API_KEY",), ("TOGETHER_API_BASE",)
    ),
    "upstage": Provider(
        "langchain-upstage", "api.upstage.ai", ("UPSTAGE_API_KEY",), ("UPSTAGE_API_BASE",)
    ),
    "xai": Provider("langchain-xai", "api.x.ai", ("XAI_API_KEY",), ("XAI_API_BASE",)),
}
_LIKE_A_PROVIDER = re.compile(r"[a-z]+(?:_[a-z]+)*")
_LOOPBACK = re.compile(
    r"(?P<scheme>https?://)(?P<host>localhost\.?|[0-9.]+|\[[0-9a-f:.]+\])(?P<rest>(?::\d{1,5})?(?:/[\w./-]*)?)",
    re.IGNORECASE | re.ASCII,
)
_OLLAMA_PORT = 11434
_CLOUD = ("-cloud", ":cloud")
"""Ends of the names under which an Ollama server passes requests on to ollama.com."""


def split(model: str) -> tuple[str, str]:
    """Provider and model that a name means; without a provider's name before it, OpenAI's protocol.

    >>> split("anthropic:claude-x"), split("llama3:8b"), split("openai:ft:gpt-4o:org")
    (('anthropic', 'claude-x'), ('openai', 'llama3:8b'), ('openai', 'ft:gpt-4o:org'))
    """
    before, colon, name = model.partition(":")
    provider = before.strip().lower().replace("-", "_")
    may_be = colon and name.strip() and _LIKE_A_PROVIDER.fullmatch(provider)
    if may_be and (provider in KNOWN or provider in _of_langchain()):
        return provider, name.strip()
    return "openai", model.strip()


def provider(name: str) -> Provider:
    """What is known of a provider; of others than the usual ones, what LangChain says."""
    module = _of_langchain().get(name, f"langchain_{name}") if name not in KNOWN else ""
    return KNOWN.get(name) or Provider(module.replace("_", "-"), gateway=True)


@cache
def _of_langchain() -> dict[str, str]:
    """Names of all providers that the installed LangChain knows, with the package of each.

    Its list has no public name. Should it move, those above are still known.
    """
    from langchain.chat_models import base

    listed = getattr(base, "_BUILTIN_PROVIDERS", {})
    return {str(name): str(entry[0]).partition(".")[0] for name, entry in listed.items()}


def address(name: str, base_url: str) -> str:
    """Address of the models' server where this program says it to the integration, else empty.

    Names of this machine are replaced by those that can mean nothing else.

    Args:
        name: of the provider.
        base_url: of a server that speaks OpenAI's protocol; empty for OpenAI's own.
    """
    if name == "openai":
        return _plain(base_url or OPENAI)
    if name == "ollama":
        return _plain(_ollama(os.environ.get("OLLAMA_HOST", "")))
    return ""


def host(name: str, model: str, base_url: str) -> str:
    """Host that article text goes to; the provider's name where the host is not known."""
    if _is_cloud(model) and name in ("ollama", "openai") and is_loopback(address(name, base_url)):
        return "ollama.com"
    known = provider(name)
    named = [value for one in known.addresses if (value := os.environ.get(one))]
    gateway = os.environ.get("LANGSMITH_GATEWAY", "")
    if at := address(name, base_url):
        return _host_of(at)
    if named:
        return _host_of(named[0])
    if known.gateway and gateway.lower() not in ("", "false", "0", "no"):
        is_on = gateway.lower() in ("true", "1", "yes")
        return KNOWN["langsmith"].host if is_on else _host_of(gateway)
    return known.host or name


def is_local(name: str, model: str, base_url: str) -> bool:
    """Whether a model certainly runs on this machine, as far as names and addresses can tell.

    It does if its server is asked at a loopback address, unless the model's name is that of one
    which Ollama runs on its own machines. All other providers count as elsewhere. What an address
    cannot tell: that the program which listens there passes the text on (a proxy such as LiteLLM, a
    tunnel, an Ollama model that is a copy of one in its cloud under another name), or that this
    machine's own table of hosts gives `localhost` away.
    """
    return is_loopback(address(name, base_url)) and not _is_cloud(model)


def is_loopback(address: str) -> bool:
    """Whether an http address can only be this machine.

    >>> is_loopback("http://127.0.0.1:8000/v1"), is_loopback("http://localhost@evil.example/v1")
    (True, False)
    """
    found = _LOOPBACK.fullmatch(address)
    if found is None:
        return False
    named = found["host"].strip("[]").lower()
    if named.startswith("localhost"):
        return True
    try:
        ip = ipaddress.ip_address(named)
    except ValueError:
        return False
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return ip.is_loopback or ip.is_unspecified


def _plain(address: str) -> str:
    """`localhost.` may be asked of a name server, `0.0.0.0` is no address to call."""
    found = _LOOPBACK.fullmatch(address)
    if found is None:
        return address
    same = {"localhost.": "localhost", "0.0.0.0": "127.0.0.1", "[::]": "[::1]"}  # noqa: S104
    host = found["host"].lower()
    return f"{found['scheme']}{same.get(host, host)}{found['rest']}"


def _ollama(said: str) -> str:
    """The address that `OLLAMA_HOST` means, which may lack scheme, host or port."""
    if not said.strip():
        return f"http://127.0.0.1:{_OLLAMA_PORT}"
    scheme, _, rest = said.strip().rpartition("://")
    place, slash, path = rest.partition("/")
    at, colon, port = place.rpartition(":")
    if not colon or port.endswith("]"):
        at, port = place, {"http": "80", "https": "443"}.get(scheme, str(_OLLAMA_PORT))
    at = f"[{at}]" if ":" in at and not at.startswith("[") else at
    return f"{scheme or 'http'}://{at or '127.0.0.1'}:{port}{slash}{path}".rstrip("/")


def _is_cloud(model: str) -> bool:
    return model.strip().lower().endswith(_CLOUD)


def _host_of(address: str) -> str:
    """An address's host alone: no user, no password."""
    at = address if "://" in address else f"//{address}"
    try:
        return urlsplit(at).hostname or "an address that is none"
    except ValueError:
        return "an address that is none"
