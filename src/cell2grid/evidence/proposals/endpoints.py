"""The servers that are asked: any that speaks as OpenAI's or as Anthropic's does, through their own libraries.

The libraries come with ``cell2grid[llm]`` and try again by themselves where a server is busy. A key is taken from the
environment, never printed and never kept.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from urllib.parse import urlsplit

from cell2grid.errors import EvidenceError

Ask = Callable[[str, str], str]  # instructions and text to answer
PROVIDERS = ("openai", "anthropic")
SECONDS = 120.0
ANSWER_TOKENS = 8_000
_KEYS = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY"}
_NEAR = {"localhost", "127.0.0.1", "::1"}


def endpoint(provider: str, model: str, *, url: str | None = None, retries: int = 4) -> Ask:
    """The function that asks a model and returns the text of its answer.

    Args:
        provider: how the server speaks: openai or anthropic.
        model: the name that the server knows the model by.
        url: where the server is, where it is not the provider's own.
        retries: how often a busy server is asked again.

    Raises:
        EvidenceError: the model has no name, the provider is unknown, its library is not there, or the key would go
            out unprotected. Asking raises it where the server does not answer.
    """
    if not model.strip():
        raise EvidenceError("--model '' is no name; give the one that the server knows the model by")
    if provider not in PROVIDERS:
        raise EvidenceError(f"the provider '{provider}' is unknown: it is one of {', '.join(PROVIDERS)}")
    key = os.environ.get("CELL2GRID_LLM_KEY") or os.environ.get(_KEYS[provider])
    _check_way(url, key)
    if url is None and not key:
        raise EvidenceError(f"no key for {provider}: set {_KEYS[provider]} or CELL2GRID_LLM_KEY, or give --endpoint")
    try:
        return (_openai if provider == "openai" else _anthropic)(model, url, key or "none", retries)
    except ImportError as error:
        raise EvidenceError(f"asking {provider} needs its library: pip install 'cell2grid[llm]'") from error


def _check_way(url: str | None, key: str | None) -> None:
    if url is None:
        return
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise EvidenceError(f"the endpoint '{url}' is no address: write it as https://host/v1")
    if parts.scheme == "http" and key and parts.hostname not in _NEAR:
        raise EvidenceError(f"the endpoint '{url}' would get the key in the clear: use https, or unset the key")


def _openai(model: str, url: str | None, key: str, retries: int) -> Ask:
    import openai

    client = openai.OpenAI(base_url=url, api_key=key, timeout=SECONDS, max_retries=retries)

    def ask(instructions: str, text: str) -> str:
        try:
            answer = client.chat.completions.create(
                model=model,
                temperature=0,
                messages=[{"role": "system", "content": instructions}, {"role": "user", "content": text}],
            )
        except openai.OpenAIError as error:
            raise _failed(model, error) from error
        return (answer.choices[0].message.content or "") if answer.choices else ""

    return ask


def _anthropic(model: str, url: str | None, key: str, retries: int) -> Ask:
    import anthropic

    client = anthropic.Anthropic(base_url=url, api_key=key, timeout=SECONDS, max_retries=retries)

    def ask(instructions: str, text: str) -> str:
        try:
            answer = client.messages.create(
                model=model,
                max_tokens=ANSWER_TOKENS,
                system=instructions,
                messages=[{"role": "user", "content": text}],
            )
        except anthropic.AnthropicError as error:
            raise _failed(model, error) from error
        return "".join(block.text for block in answer.content if block.type == "text")

    return ask


def _failed(model: str, error: Exception) -> EvidenceError:
    status = getattr(error, "status_code", None)
    name = type(error).__name__
    reason = "too late" if "Timeout" in name else "no connection" if "Connection" in name else name
    words = f"status {status}" if status else reason
    return EvidenceError(f"the model '{model}' gave no answer ({words}): check the endpoint, the key and the name")
